import { existsSync, readFileSync, rmSync } from 'node:fs';
import { basename, dirname, resolve } from 'node:path';
import commonjs from '@rollup/plugin-commonjs';
import { nodeResolve } from '@rollup/plugin-node-resolve';
import { transform } from 'esbuild';
import { dts } from 'rollup-plugin-dts';

/** A module `x.ts` with a twin `x.browser.ts` beside it is replaced by the twin in the builds for browsers. */
const sources = ({ browser }) => ({
  name: 'sources',
  resolveId(source, importer) {
    if (!importer?.startsWith(resolve('lib')) || !source.startsWith('.')) return null;
    const path = resolve(dirname(importer), source);
    const twin = path.replace(/\.js$/, '.browser.ts');
    return browser && existsSync(twin) ? twin : path.replace(/\.js$/, '.ts');
  },
  // `npm run check` judges the types. esbuild drops the comments: users read them in the declarations, and in each of the scripts
  // they would weigh a quarter.
  async transform(text, id) {
    if (!id.endsWith('.ts')) return null;
    const { code } = await transform(text, { loader: 'ts', target: 'es2022' });
    return { code, map: null };
  },
});

/** Names of this package lead to what was built of it for browsers. */
const packed = () => ({
  name: 'packed',
  resolveId(source) {
    const [name, entry] = source.split(/\/(.*)/);
    return name === 'rx-graphql-ws' ? resolve(`dist/${entry ?? 'browser'}/index.js`) : null;
  },
});

/** Puts the other files of the page beside its script, and takes the blanks out of that. */
const besides = () => ({
  name: 'besides',
  async renderChunk(code) {
    return { code: (await transform(code, { minify: true })).code, map: null };
  },
  generateBundle() {
    const files = ['page/index.html', 'page/page.css', 'naive.ts', 'ours.ts'];
    for (const file of files) {
      const fileName = basename(file).replace(/ts$/, 'ts.txt');
      this.emitFile({ type: 'asset', fileName, source: readFileSync(`lib/demo/${file}`) });
    }
  },
});

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

/** The packages that are in the program. */
const bundled = ['commander', 'graphql'];

/** The comments of the packages in the program are a tenth of its script. Their licences are at its end. */
const uncommented = {
  name: 'uncommented',
  async transform(text, id) {
    if (!id.includes('node_modules')) return null;
    const { code } = await transform(text, { loader: 'js' });
    return { code, map: null };
  },
};

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

/** The page of the demo: one script, with the browser build that was made before. */
const page = {
  input: 'lib/demo/page/main.ts',
  onwarn,
  plugins: [
    packed(),
    sources({ browser: true }),
    nodeResolve({ browser: true, exportConditions: ['es2015'] }),
    besides(),
  ],
  output: { file: 'dist/demo/page/page.js', format: 'iife' },
};

const builds = [
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
    input: {
      'cli/rxgql': './lib/cli/rxgql.ts',
      'demo/run-demo': './lib/demo/run-demo.ts',
    },
    // packages that users do not install; the rest of ours is imported by its name
    external: (id) => external(id) && !bundled.includes(id),
    onwarn,
    plugins: [sources({ browser: false }), nodeResolve(), uncommented, commonjs()],
    output: {
      ...output('dist', 'es'),
      chunkFileNames: 'demo/shared-[name].js',
      footer: ({ name }) => (name === 'cli/rxgql' ? bundled.map(licenceOf).join('\n') : ''),
    },
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
  page,
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

/** With `--configDemo` only what `npm start` needs: the declarations take most of the time. */
export default ({ configDemo }) => {
  if (!configDemo) rmSync('dist', { recursive: true, force: true });
  return builds.filter(({ plugins }) => !configDemo || plugins[0].name !== 'dts');
};
