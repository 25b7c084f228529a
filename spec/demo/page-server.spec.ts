import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { expect } from 'chai';
import { after, before, describe, it } from 'mocha';
import type { ServerState } from '../../lib/demo/lanes.js';
import { servePage, type Hello } from '../../lib/demo/page-server.js';
import { eventually } from '../helpers/eventually.js';
import { failureOf } from '../helpers/rejection.js';

describe('the server of the page', () => {
  let home: Awaited<ReturnType<typeof servePage>>;
  const directory = mkdtempSync(join(tmpdir(), 'page-'));
  before(async () => {
    writeFileSync(join(directory, 'index.html'), '<p>page');
    home = await servePage(0, 3, pathToFileURL(`${directory}/`));
  });
  after(async () => {
    await home.stop();
    rmSync(directory, { recursive: true });
  });

  /** The messages to a page. `leave()` closes it. */
  async function openSession(query = '') {
    const leaving = new AbortController();
    const response = await fetch(`${home.url}session${query}`, { signal: leaving.signal });
    const reader = response.body!.pipeThrough(new TextDecoderStream()).getReader();
    let read = '';
    const next = async () => {
      // one read may bring several messages
      while (!read.includes('\n\n')) {
        const { value, done } = await reader.read();
        if (done) throw new Error('the session has ended');
        read += value;
      }
      const end = read.indexOf('\n\n');
      const message = read.slice('data: '.length, end);
      read = read.slice(end + 2);
      return JSON.parse(message) as unknown;
    };
    const hello = (await next()) as Hello;
    return { hello, next: next as () => Promise<ServerState>, leave: () => leaving.abort() };
  }

  /** Whether the GraphQL server listens. */
  const isThere = ({ url }: Hello) =>
    fetch(url.replace('ws', 'http')).then(
      () => true,
      () => false,
    );

  it('has the page, and nothing else', async () => {
    const page = await fetch(home.url);
    expect([page.status, page.headers.get('Content-Type'), await page.text()]).to.deep.equal([
      ...[200, 'text/html; charset=utf-8', '<p>page'],
    ]);
    for (const path of ['page.js', 'other', '../package.json'])
      expect((await fetch(home.url + path)).status, path).to.equal(404);
    expect((await fetch(`${home.url}x?fault=toString`, { method: 'POST' })).status).to.equal(404);
    expect((await fetch(`${home.url}x?fault=restart`)).status).to.equal(404);
  });

  it('gives each page a server of its own, which ends with it', async () => {
    const [one, other] = await Promise.all([openSession('?every=20'), openSession()]);
    expect(one.hello.url).to.not.equal(other.hello.url);
    expect([one.hello.every, other.hello.every]).to.deep.equal([20, 100]);
    expect(one.hello.tour).to.deep.equal(other.hello.tour);
    const { block } = await one.next();
    expect((await one.next()).block).to.be.above(block);
    one.leave();
    await eventually(async () => expect(await isThere(one.hello)).to.equal(false));
    expect(await isThere(other.hello)).to.equal(true);
    const order = `${home.url}${other.hello.id}?fault=restart`;
    expect((await fetch(order, { method: 'POST' })).status).to.equal(204);
    await eventually(async () => expect(await isThere(other.hello)).to.equal(false));
    other.leave();
  });

  it('ignores an order for a page that is gone, and one for a fault of the clients', async () => {
    const { hello, leave } = await openSession();
    for (const order of ['gone?fault=restart', `${hello.id}?fault=ignored-stop`])
      expect((await fetch(home.url + order, { method: 'POST' })).status).to.equal(204);
    leave();
  });

  it('takes another port if the one that was asked for is in use', async () => {
    const { port } = new URL(home.url);
    const other = await servePage(Number(port), 3);
    expect(new URL(other.url).port).to.not.equal(port);
    await other.stop();
  });

  it('fails where it may not listen', async () => {
    const error = await failureOf(servePage(65_536, 3));
    expect(error).to.have.property('code', 'ERR_SOCKET_BAD_PORT');
  });
});
