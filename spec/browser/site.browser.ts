import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { dirname, extname, join, normalize } from 'node:path';
import { expect } from 'chai';
import { after, before, describe, it } from 'mocha';
import { launchChromium, type Chromium } from './rig/chromium.js';
import { openTab } from './rig/tab.js';

const home = '.cache/site';
const types: Record<string, string> = {
  '.html': 'text/html',
  '.css': 'text/css',
  '.js': 'text/javascript',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
};

describe('Chromium: the site of the documents', function () {
  this.timeout(240_000);
  let chromium: Chromium;
  let server: Server;
  let pages: readonly string[] = [];

  before(async () => {
    // a warning fails it
    execFileSync(process.execPath, ['node_modules/typedoc/bin/typedoc', '--out', home]);
    pages = readdirSync(home, { recursive: true, encoding: 'utf8' }).filter((file) =>
      file.endsWith('.html'),
    );
    server = createServer(({ url = '/' }, response) => {
      const { pathname } = new URL(url, 'http://site');
      const file = join(home, normalize(pathname === '/' ? '/index.html' : pathname));
      if (!existsSync(file)) return void response.writeHead(404).end();
      const type = types[extname(file)] ?? 'application/octet-stream';
      response.writeHead(200, { 'Content-Type': type }).end(readFileSync(file));
    }).listen(0, '127.0.0.1');
    await once(server, 'listening');
    chromium = await launchChromium();
  });
  after(async () => {
    await chromium.close();
    server.closeAllConnections();
    server.close();
  });

  it('has a page for each guide and each entry, and no link that leads nowhere', () => {
    expect(pages).to.include('index.html');
    const guides = readdirSync('docs').filter((file) => file.endsWith('.md')).length;
    expect(pages.filter((page) => page.startsWith('documents'))).to.have.length(guides);
    const broken = new Set<string>();
    for (const page of pages) {
      const html = readFileSync(join(home, page), 'utf8');
      for (const [, to = ''] of html.matchAll(/(?:href|src)="(?!\w+:|#|\/\/)([^"#]+)/g)) {
        const file = join(home, dirname(page), decodeURIComponent(to.split('?')[0]!));
        if (!existsSync(file)) broken.add(`${page}: ${to}`);
      }
    }
    expect([...broken]).to.deep.equal([]);
  });

  it('complains of nothing in the console', async () => {
    const { port } = server.address() as AddressInfo;
    const shown = pages.filter((page) =>
      /^(index|documents\/|modules\/(index|recovery))/.test(page),
    );
    expect(shown.length).to.be.greaterThan(15);
    const tab = await openTab(chromium, `http://127.0.0.1:${port}/`);
    for (const page of shown) {
      await tab.navigate(`http://127.0.0.1:${port}/${page}`);
      const text = String(await tab.evaluate('document.body.innerText'));
      expect(text.length, page).to.be.greaterThan(200);
    }
    expect(tab.problems).to.deep.equal([]);
    await tab.close();
  });
});
