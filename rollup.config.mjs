import { existsSync, readFileSync, rmSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import commonjs from '@rollup/plugin-commonjs';
import { nodeResolve } from '@rollup/plugin-node-resolve';
import { transform } from 'esbuild';
import { dts } from 'rollup-plugin-dts';

/** A module `x.ts` with a twin `x.browser.ts` beside it is replaced by the twin in the builds for browsers. */
const sources = ({ browser }) => ({
  name: 'sources',
  resolveId(source, importer) {
    if (!importer || external(source) || importer.includes('node_modules')) return null;
    const path = resolve(dirname(importer), source);
    const twin = path.replace(/\.js$/, '.browser.ts');
    return browser && existsSync(twin) ? twin : path.replace(/\.js$/, '.ts');
  },
  // `npm run check` judges the types. esbuild drops the comments: users read them in the declarations, and in each of the scripts
  // they would weigh a quarter.
  async transform(text) {
    const { code } = await transform(text, { loader: 'ts', target: 'es2022' });
    return { code, map: null };
  },
});

rmSync('dist', { recursive: true, force: true });

const onwarn = ({ message }) => {
  throw new Error(message);
};

const external = (id) => !/^[./]/.test(id);

/** A file for the modules that both entries of the test kit need. Each of the other entries is one file. */
const chunk = (extension) => `testing/shared-[name].${extension}`;

/**
 * There are no source maps, because the package does not hold the sources. With mappings alone, stack traces of Node name files that
 * nobody has, and Vite complains about each of them. With the text of the sources the package is 3.6 MB instead of 1.1 MB. The scripts
 * are not minified, so that they can be read as they are.
 *
 * `interop: 'auto'` or a browser bundle of our CommonJS build receives isomorphic-ws as `{ default }`.
 */
const output = (dir, format) => ({
  dir,
  format,
  entryFileNames: format === 'es' ? '[name].js' : '[name].cjs',
  chunkFileNames: format === 'es' ? chunk('js') : chunk('cjs'),
  exports: 'named',
  interop: 'auto',
  sourcemap: false,
});

/** The licence of a package that is bundled, which has to go with it. */
const licenceOf = (name) =>
  `/*\n${name}:\n\n${readFileSync(`node_modules/${name}/LICENSE`, 'utf8').trim()}\n*/`;

const entries = {
  index: 'lib/index.ts',
  'bitquery/index': 'lib/bitquery/index.ts',
  'graphql-ws/index': 'lib/graphql-ws/index.ts',
  'recovery/index': 'lib/recovery/index.ts',
  'testing/index': 'lib/testing/index.ts',
  'testing/server': 'lib/testing/server.ts',
};

/** ES modules alone, as Angular is. */
const angular = {
  'angular/index': 'lib/angular/index.ts',
  'angular/testing': 'lib/angular/testing.ts',
};

export default [
  {
    input: entries,
    external,
    onwarn,
    plugins: [sources({ browser: false })],
    output: [output('dist', 'es'), output('dist', 'cjs')],
  },
  {
    input: angular,
    external,
    onwarn,
    plugins: [sources({ browser: false })],
    output: output('dist', 'es'),
  },
  {
    input: { 'cli/start': 'lib/cli/start.ts' },
    external,
    onwarn,
    plugins: [sources({ browser: false })],
    output: output('dist', 'es'),
  },
  {
    input: { 'cli/rxgql': './lib/cli/rxgql.ts' },
    // the only package that users do not install; the rest of ours is imported by its name
    external: (id) => external(id) && id !== 'commander',
    onwarn,
    plugins: [sources({ browser: false }), nodeResolve(), commonjs()],
    output: { ...output('dist', 'es'), footer: licenceOf('commander') },
  },
  {
    input: { index: 'lib/index.ts' },
    external,
    onwarn,
    plugins: [sources({ browser: true })],
    output: [
      // Bundlers leave out whole files, also those with statements that they cannot judge. Node keeps one file: it loads several
      // times faster than its modules would.
      { ...output('dist/browser', 'es'), preserveModules: true },
      output('dist/browser', 'cjs'),
    ],
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
  {
    input: angular,
    external,
    onwarn,
    plugins: [dts({ compilerOptions: { stripInternal: true } })],
    output: { dir: 'dist', format: 'es', entryFileNames: '[name].d.ts' },
  },
];
