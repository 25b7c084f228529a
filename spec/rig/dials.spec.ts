import { expect } from 'chai';
import { describe, it } from 'mocha';
import { setTimeout as delay } from 'node:timers/promises';
import { eventually } from '../helpers/eventually.js';
import { useCalm } from '../helpers/net/use-calm.js';
import { useRigServer } from '../helpers/use-server.js';
import { connect, current, dial, legacy } from '../testing/server/raw-client.js';
import type { DialFaultName } from './dials.js';
import { handshakeFaultNames } from './handshakes.js';

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

const init = { type: 'connection_init' };
const ack = { type: 'connection_ack' };
const subscribe = (type: string) => ({ type, id: '1', payload: { query: '{ a }' } });

/** The messages before the first result, on the current and on the legacy protocol. */
const heard: Readonly<Record<string, readonly [current: object[], legacy?: object[]]>> = {
  'ack-never': [[]],
  'ack-twice': [[ack, ack]],
  'ack-before-init': [[ack]],
  'result-before-ack': [
    [{ id: '1', type: 'next', payload: { data: 'too early' } }, ack],
    [{ id: '1', type: 'data', payload: { data: 'too early' } }, ack],
  ],
  'heartbeat-before-ack': [
    [{ type: 'ping' }, ack],
    [{ type: 'ka' }, ack],
  ],
};

describe('rigServer failHandshakes', () => {
  const serve = useRigServer();

  for (const name of handshakeFaultNames)
    for (const subprotocol of [current, legacy])
      it(`${name} over ${subprotocol}, once`, async () => {
        const server = await serve({ handle: () => [{ data: 1 }] });
        server.failHandshakes(name);
        const client = await dial(server.url, subprotocol);
        if (name === 'ack-before-init') expect(await client.next()).to.deep.equal(ack);
        client.send(init);
        const [currently, formerly = currently] = heard[name]!;
        const before = subprotocol === current ? currently : formerly;
        await eventually(() => expect(client.heard).to.have.length(before.length));
        if (name !== 'ack-never')
          client.send(subscribe(subprotocol === current ? 'subscribe' : 'start'));
        if (name !== 'ack-never')
          await eventually(() => expect(client.heard.length).to.be.above(before.length));
        expect(client.heard.slice(0, before.length)).to.deep.equal(before);
        if (name !== 'ack-never')
          expect(client.heard[before.length]).to.deep.include({ payload: { data: 1 } });
        else expect(client.heard).to.deep.equal([]);
        await connect(server.url);
        expect(server.ledger.sent.at(-1)?.message).to.deep.equal(ack);
      });

  it('acknowledges with any payload, closes, or rejects, in the order of the calls', async () => {
    const server = await serve({ connect: () => ({ ack: 'of the server' }) });
    server.failHandshakes({ ack: null });
    server.failHandshakes({ close: 4408, reason: 'too slow' });
    server.failHandshakes({ reject: ['odd'], code: 4401 });
    const ackOf = async () => {
      const client = await dial(server.url, legacy);
      client.send(init);
      return client;
    };
    expect(await (await ackOf()).next()).to.deep.equal({ ...ack, payload: null });
    expect(await (await ackOf()).closed).to.deep.equal({ code: 4408, reason: 'too slow' });
    const rejected = await ackOf();
    expect(await rejected.next()).to.deep.equal({ type: 'connection_error', payload: ['odd'] });
    expect((await rejected.closed).code).to.equal(4401);
    expect(await (await ackOf()).next()).to.deep.equal({ ...ack, payload: 'of the server' });
  });
});
