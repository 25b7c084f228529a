import { rmSync } from 'node:fs';
import typescript from '@rollup/plugin-typescript';
import { dts } from 'rollup-plugin-dts';

/** Modules with a twin for browsers: there is no `ws` there, nothing to be known of the HTTP upgrade, and no pause. */
const browserTwins = {
  name: 'browser-twins',
  resolveId(source, importer) {
    if (!/\/(?:default-web-socket|upgrade|pausing)\.js$/.test(source)) return null;
    return this.resolve(source.replace(/\.js$/, '.browser.js'), importer, { skipSelf: true });
  },
};

// `npm run check` judges the types; `noCheck` keeps `npm start` from waiting for the same verdict thrice.
const compile = typescript({
  noCheck: true,
  noEmit: false,
  include: ['lib/**/*.ts'],
  sourceMap: true,
  inlineSources: true,
});

rmSync('dist', { recursive: true, force: true });

const onwarn = ({ message }) => {
  throw new Error(message);
};

const external = (id) => !/^[./]/.test(id);

/** What the two entries of the test kit share: the others are one file each. */
const chunk = (extension) => `testing/shared-[name].${extension}`;

/** `interop: 'auto'` or a browser bundle of our CommonJS build receives isomorphic-ws as `{ default }`. */
const output = (dir, format) => ({
  dir,
  format,
  entryFileNames: format === 'es' ? '[name].js' : '[name].cjs',
  chunkFileNames: format === 'es' ? chunk('js') : chunk('cjs'),
  exports: 'named',
  interop: 'auto',
  sourcemap: true,
});

const entries = {
  index: 'lib/index.ts',
  'testing/index': 'lib/testing/index.ts',
  'testing/server': 'lib/testing/server.ts',
};

export default [
  {
    input: entries,
    external,
    onwarn,
    plugins: [compile],
    output: [output('dist', 'es'), output('dist', 'cjs')],
  },
  {
    input: { 'cli/start': 'lib/cli/start.ts' },
    external,
    onwarn,
    plugins: [compile],
    output: output('dist', 'es'),
  },
  {
    input: { index: 'lib/index.ts' },
    external,
    onwarn,
    plugins: [browserTwins, compile],
    output: [output('dist/browser', 'es'), output('dist/browser', 'cjs')],
  },
  {
    input: entries,
    external,
    onwarn,
    plugins: [dts({ compilerOptions: { stripInternal: true } })],
    output: [
      {
        dir: 'dist',
        format: 'es',
        entryFileNames: '[name].d.ts',
        chunkFileNames: chunk('d.ts'),
      },
      {
        dir: 'dist',
        format: 'es',
        entryFileNames: '[name].d.cts',
        chunkFileNames: chunk('d.cts'),
      },
    ],
  },
];
