import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { bundlePage } from './bundle-page.js';

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
