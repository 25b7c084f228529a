import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build, type Plugin } from 'esbuild';

const here = dirname(fileURLToPath(import.meta.url));

/** As in the browser build: a module with a twin for browsers is replaced by it. */
const browserTwins: Plugin = {
  name: 'browser-twins',
  setup({ onResolve }) {
    onResolve({ filter: /^\..*\.js$/ }, ({ path, resolveDir }) => {
      const twin = join(resolveDir, path.replace(/\.js$/, '.browser.ts'));
      return existsSync(twin) ? { path: twin } : null;
    });
  },
};

/** The page's script: the library straight from its sources, in its browser build, and the harness around it. */
export async function bundlePage(): Promise<string> {
  const { outputFiles, metafile } = await build({
    entryPoints: [join(here, 'page/harness.ts')],
    bundle: true,
    platform: 'browser',
    write: false,
    metafile: true,
    logLevel: 'error',
    plugins: [browserTwins],
  });
  const strange = Object.keys(metafile.inputs).filter((path) =>
    /\/(?:isomorphic-)?ws\//.test(path),
  );
  if (strange.length > 0) throw new Error(`not the browser build: ${strange.join()}`);
  return outputFiles[0]!.text;
}
