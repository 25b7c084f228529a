import { expect } from 'chai';
import { describe, it } from 'mocha';
import { setTimeout as delay } from 'node:timers/promises';
import { useCalm } from '../helpers/net/use-calm.js';
import { useRigServer } from '../helpers/use-server.js';
import { connect, current, dial, legacy } from '../testing/server/raw-client.js';
import type { DialFaultName } from './dials.js';

/** The complaints of `ws`. */
const messages: Readonly<Record<Exclude<DialFaultName, 'other-dialect' | 'tls-stall'>, RegExp>> = {
  'no-answer': /^Opening handshake has timed out$/,
  end: /^socket hang up$/,
  reset: /^read ECONNRESET$/,
  'not-http': /^Parse Error: Expected HTTP/,
  'huge-header': /^Parse Error: Header overflow$/,
  'many-headers': /^Parse Error: Header overflow$/,
  'wrong-accept': /^Invalid Sec-WebSocket-Accept header$/,
  'no-upgrade-header': /^Unexpected server response: 101$/,
  'unoffered-extension': /^Server sent a Sec-WebSocket-Extensions header/,
  'no-subprotocol': /^Server sent no subprotocol$/,
  'unknown-subprotocol': /^Server sent an invalid subprotocol$/,
};

const failureAt = (url: string, options = {}) =>
  dial(url, current, { handshakeTimeout: 100, ...options }).then(
    () => 'opened',
    (error: unknown) => (error as Error).message,
  );

describe('rigServer failDials', () => {
  const serve = useRigServer();
  useCalm();

  for (const [name, message] of Object.entries(messages))
    it(`${name} fails one dial`, async () => {
      const server = await serve();
      server.failDials(name as DialFaultName);
      expect(await failureAt(server.url)).to.match(message);
      await connect(server.url);
    });

  it('other-dialect speaks the protocol that was not selected', async () => {
    const server = await serve({ handle: () => [{ data: 1 }] });
    server.failDials('other-dialect', 2);
    const request = { id: '1', payload: { query: '{ a }' } };
    const one = await connect(server.url, current);
    expect(one.socket.protocol).to.equal(current);
    one.send({ type: 'start', ...request });
    expect(await one.next()).to.include({ type: 'data', id: '1' });
    const two = await connect(server.url, legacy);
    two.send({ type: 'subscribe', ...request });
    expect(await two.next()).to.include({ type: 'next', id: '1' });
  });

  it('tls-stall leaves TLS unanswered until the client or the server ends', async () => {
    const server = await serve({ tls: 'self-signed' });
    const options = { ca: server.certificate };
    server.failDials('tls-stall', 2);
    expect(await failureAt(server.url, options)).to.match(/timed out/);
    const failed = failureAt(server.url, { ...options, handshakeTimeout: 5_000 });
    await delay(20);
    await server.stop();
    expect(await failed).to.match(/disconnected|hang up|ECONNRESET/);
    await server.start();
    await dial(server.url, current, options);
  });

  it('reset resets under TLS, and no other connection', async () => {
    const server = await serve({ tls: 'self-signed' });
    const other = await dial(server.url, current, { ca: server.certificate });
    server.failDials('reset');
    expect(await failureAt(server.url, { ca: server.certificate })).to.match(/ECONNRESET|hang up/);
    other.send({ type: 'connection_init' });
    expect(await other.next()).to.deep.equal({ type: 'connection_ack' });
  });

  it('answers with any bytes, or with a drip that outlasts the idle timeout of ws', async () => {
    const server = await serve();
    server.failDials({ bytes: 'HTTP/1.1 10' });
    server.failDials({ drip: 1 });
    expect(await failureAt(server.url)).to.equal('socket hang up');
    const dripping = failureAt(server.url);
    expect(await Promise.race([dripping, delay(150, 'dialling')])).to.equal('dialling');
    await server.stop();
    await dripping;
  });
});
