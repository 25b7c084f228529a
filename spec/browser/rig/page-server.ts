import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
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
async function bundlePage(): Promise<string> {
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

/** Serves the page at `/`, and an empty one, to go away to, at `/elsewhere`. */
export interface PageServer {
  readonly url: string;
  stop(): Promise<void>;
}

const html = (title: string, script = '') =>
  `<!doctype html><meta charset="utf-8"><title>${title}</title>${script}`;

export async function startPageServer(): Promise<PageServer> {
  const script = await bundlePage();
  const server = createServer(({ url }, response) => {
    const type = url === '/page.js' ? 'text/javascript' : 'text/html';
    const pages: Readonly<Record<string, string>> = {
      '/': html('page', '<script src="/page.js"></script>'),
      '/page.js': script,
      '/elsewhere': html('elsewhere'),
    };
    const body = pages[String(url)];
    response.writeHead(body === undefined ? 204 : 200, {
      'Content-Type': `${type}; charset=utf-8`,
    });
    response.end(body);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    async stop() {
      const closed = once(server, 'close');
      server.close();
      server.closeAllConnections();
      await closed;
    },
  };
}
