// node bundle.mjs <bundler> <entry> <output>: bundles a program of the project in the working directory as its bundler does for a browser.
import { createRequire } from 'node:module';
import { basename, dirname } from 'node:path';

const [bundler, entry, output] = process.argv.slice(2);
const root = process.cwd();

const bundles = {
  async esbuild() {
    const { build } = await import('esbuild');
    await build({
      entryPoints: [entry],
      outfile: output,
      bundle: true,
      platform: 'browser',
      format: 'esm',
    });
  },

  async vite() {
    const { build } = await import('vite');
    await build({
      root,
      configFile: false,
      logLevel: 'warn',
      build: {
        outDir: dirname(output),
        emptyOutDir: false,
        lib: { entry, formats: ['es'], fileName: () => basename(output) },
      },
    });
  },

  async rollup() {
    const { rollup } = await import('rollup');
    const { nodeResolve } = await import('@rollup/plugin-node-resolve');
    const { default: commonjs } = await import('@rollup/plugin-commonjs');
    const bundle = await rollup({
      input: entry,
      plugins: [nodeResolve({ browser: true }), commonjs()],
      onwarn({ message }) {
        throw new Error(message);
      },
    });
    await bundle.write({ file: output, format: 'es' });
  },

  async webpack() {
    const { default: webpack } = await import('webpack');
    const stats = await new Promise((resolve, reject) => {
      webpack(
        {
          mode: 'production',
          context: root,
          target: 'web',
          entry,
          output: { path: dirname(output), filename: basename(output) },
        },
        (error, made) => (error ? reject(error) : resolve(made)),
      );
    });
    if (stats.hasErrors() || stats.hasWarnings()) throw new Error(stats.toString());
  },

  /** As React Native configures it, but for its Babel preset. */
  async metro() {
    const { default: Metro } = await import('metro');
    // each bundle begins with modules of it
    const runtime = dirname(createRequire(import.meta.url).resolve('metro-runtime/package.json'));
    const config = await Metro.loadConfig(
      { cwd: root },
      {
        projectRoot: root,
        watchFolders: [runtime],
        cacheStores: [],
        maxWorkers: 1,
        reporter: { update() {} },
        resolver: {
          useWatchman: false,
          extraNodeModules: { 'metro-runtime': runtime },
          sourceExts: ['js', 'mjs', 'cjs', 'json'],
          resolverMainFields: ['react-native', 'browser', 'main'],
          unstable_conditionNames: ['react-native'],
        },
        transformer: {
          getTransformOptions: async () => ({ transform: { experimentalImportSupport: true } }),
        },
      },
    );
    await Metro.runBuild(config, {
      entry,
      out: output,
      platform: 'ios',
      dev: false,
      minify: false,
    });
  },
};

await bundles[bundler]();
