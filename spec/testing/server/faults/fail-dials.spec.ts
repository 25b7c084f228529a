import { expect } from 'chai';
import { once } from 'node:events';
import type { IncomingMessage } from 'node:http';
import { text } from 'node:stream/consumers';
import { describe, it } from 'mocha';
import { WebSocket } from 'ws';
import { failureOf } from '../../../helpers/failure-of.js';
import { useServer } from '../../../helpers/use-server.js';
import { useSocket } from '../../../helpers/use-socket.js';
import { connect, current, dial } from '../raw-client.js';

describe('failDials', () => {
  const serve = useServer();
  const socketTo = useSocket();

  it('answers the next dials, in the order of the calls', async () => {
    const server = await serve();
    server.failDials({ status: 503, headers: { 'Retry-After': '1' }, body: 'later' }, 2);
    server.failDials({ status: 302, headers: { Location: 'ws://127.0.0.1:1/' } });
    const elsewhere: unknown = await dial(`${server.url}/other`).catch((error: unknown) => error);
    expect(elsewhere).to.have.property('message').that.matches(/404/);
    for (let i = 0; i < 2; i++) {
      const response = await responseAt(server.url);
      expect(response).to.deep.include({ status: 503, body: 'later' });
      expect(response.headers).to.include({ 'retry-after': '1' });
    }
    const error = await failureOf(socketTo({ url: server.url }).query$('{ a }'), 'ConnectionError');
    expect(error.status).to.equal(302);
    await connect(server.url);
  });

  it('goes on until accept() with Infinity', async () => {
    const server = await serve();
    server.failDials({ status: 404 }, Infinity);
    for (let i = 0; i < 3; i++) expect(await responseAt(server.url)).to.include({ status: 404 });
    server.accept();
    await connect(server.url);
  });
});

async function responseAt(url: string) {
  const socket = new WebSocket(url, current);
  socket.on('error', () => {});
  const [, response] = (await once(socket, 'unexpected-response')) as [unknown, IncomingMessage];
  return { status: response.statusCode, headers: response.headers, body: await text(response) };
}
