import { expect } from 'chai';
import { describe, it } from 'mocha';
import { setTimeout as delay } from 'node:timers/promises';
import { firstValueFrom } from 'rxjs';
import { handshakeFaultNames, type HandshakeFault } from 'rx-graphql-ws/testing/server';
import { failureOf } from '../../../helpers/failure-of.js';
import { useCalm } from '../../../helpers/net/use-calm.js';
import { useServer } from '../../../helpers/use-server.js';
import { useSocket } from '../../../helpers/use-socket.js';
import { connect, current, dial, legacy } from '../raw-client.js';
import { connectionNumber } from './survival.js';

const init = { type: 'connection_init' };
const ack = { type: 'connection_ack' };

/** What is heard of each, on the current and on the legacy protocol. */
const heard: Readonly<
  Record<Extract<HandshakeFault, string>, readonly [current: object[], legacy?: object[]]>
> = {
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

describe('failHandshakes', () => {
  const serve = useServer();
  const socketTo = useSocket();
  useCalm();

  for (const name of handshakeFaultNames)
    for (const subprotocol of [current, legacy])
      it(`${name} over ${subprotocol}, once`, async () => {
        const server = await serve({ handle: () => [{ data: 1 }] });
        server.failHandshakes(name);
        const client = await dial(server.url, subprotocol);
        await delay(10);
        expect(client.heard).to.have.length(name === 'ack-before-init' ? 1 : 0);
        client.send(init);
        await server.ledger.received('connection_init');
        await delay(10);
        const [currently, formerly = currently] = heard[name];
        expect(client.heard).to.deep.equal(subprotocol === current ? currently : formerly);
        const fresh = await dial(server.url, subprotocol);
        fresh.send(init);
        expect(await fresh.next()).to.deep.equal(ack);
      });

  for (const name of handshakeFaultNames)
    it(`${name} is survived by a subscription`, async () => {
      const server = await serve({ handle: connectionNumber });
      server.failHandshakes(name);
      const socket = socketTo({ url: server.url, ackTimeout: 100 });
      const redialled = ['ack-never', 'result-before-ack'].includes(name);
      const connection = await firstValueFrom(socket.subscribe$('subscription { a }'));
      expect(connection).to.equal(redialled ? 2 : 1);
    });

  it('ack-never never answers a legacy client that asks again, either', async () => {
    const server = await serve();
    server.failHandshakes('ack-never');
    const client = await dial(server.url, legacy);
    client.send(init, init);
    await server.ledger.received('connection_init', 2);
    await delay(10);
    expect(client.heard).to.deep.equal([]);
  });

  it('ack-before-init leaves the operations as they are', async () => {
    const server = await serve({ handle: connectionNumber });
    server.failHandshakes('ack-before-init');
    const client = await dial(server.url);
    await client.next();
    client.send(init, { type: 'subscribe', id: '1', payload: { query: '{ a }' } });
    expect(await client.next()).to.deep.include({ type: 'next', payload: { data: 1 } });
  });

  for (const payload of [null, [], 'text', 0, { connectionTimeoutMs: -1 }])
    it(`acknowledges with ${JSON.stringify(payload)}`, async () => {
      const server = await serve({ handle: connectionNumber, connect: () => false });
      server.failHandshakes({ ack: payload }, 2);
      const client = await dial(server.url);
      client.send(init);
      expect(await client.next()).to.deep.equal({ ...ack, payload });
      const socket = socketTo({ url: server.url });
      expect(await firstValueFrom(socket.subscribe$('subscription { a }'))).to.equal(2);
    });

  it('closes at the init', async () => {
    const server = await serve();
    server.failHandshakes({ close: 4408, reason: 'too slow' });
    server.failHandshakes({ close: 4429 });
    for (const [code, reason] of [
      [4408, 'too slow'],
      [4429, ''],
    ]) {
      const client = await dial(server.url);
      client.send(init);
      expect(await client.closed).to.deep.equal({ code, reason });
      expect(client.heard).to.deep.equal([]);
    }
  });

  for (const code of [4406, 4429])
    it(`a close with ${code} is final`, async () => {
      const server = await serve();
      server.failHandshakes({ close: code });
      const socket = socketTo({ url: server.url, subprotocols: [legacy] });
      const error = await failureOf(socket.query$('{ a }'), 'ConnectionClosedError');
      expect(error.code).to.equal(code);
    });

  for (const code of [4401, 4403])
    it(`a close with ${code} asks for other credentials, once`, async () => {
      const server = await serve({ handle: connectionNumber });
      server.failHandshakes({ close: code });
      let asked = 0;
      const socket = socketTo({ url: server.url, connectionParams: () => ({ token: ++asked }) });
      expect(await firstValueFrom(socket.subscribe$('subscription { a }'))).to.equal(2);
      expect(asked).to.equal(2);
    });

  it('refuses', async () => {
    const server = await serve();
    server.failHandshakes({ reject: ['odd', null] });
    const client = await dial(server.url, legacy);
    client.send(init);
    expect(await client.next()).to.deep.equal({ type: 'connection_error', payload: ['odd', null] });
    expect(await client.closed).to.deep.equal({ code: 1011, reason: 'Forbidden' });
  });

  it('comes before reject(); accept() ends both', async () => {
    const server = await serve();
    server.reject('no');
    server.failHandshakes({ ack: 1 });
    server.failHandshakes('ack-never', Infinity);
    await connect(server.url);
    const client = await dial(server.url);
    client.send(init);
    await delay(10);
    expect(client.heard).to.deep.equal([]);
    server.accept();
    await connect(server.url);
  });

  const misuse: readonly (readonly [unknown, number, string])[] = [
    ['ack-nver', 1, "unknown handshake fault 'ack-nver': did you mean 'ack-never'?"],
    [{ acknowledge: 1 }, 1, 'unknown member `acknowledge`: did you mean `ack`?'],
    ['ack-never', -1, 'expected `times` to be a whole number ≥ 1 or Infinity, got -1 (number)'],
  ];
  for (const [fault, times, message] of misuse)
    it(`refuses ${JSON.stringify(fault)}, ${times}`, async () => {
      const server = await serve();
      expect(() => {
        server.failHandshakes(fault as HandshakeFault, times);
      }).to.throw(TypeError, message);
      await connect(server.url);
    });
});
