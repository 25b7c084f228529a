import { expect } from 'chai';
import { once } from 'node:events';
import { afterEach, describe, it } from 'mocha';
import { setTimeout as delay } from 'node:timers/promises';
import { concat, finalize, interval, map, NEVER, of } from 'rxjs';
import { restore } from 'sinon';
import type { GraphQLTestServer } from 'rx-graphql-ws/testing/server';
import { eventually } from '../../helpers/eventually.js';
import { fakeTimers } from '../../helpers/fake-timers.js';
import { useCalm } from '../../helpers/net/use-calm.js';
import { useServer } from '../../helpers/use-server.js';
import { connect, current, dial, init, legacy, subscribe, type RawClient } from './raw-client.js';

describe('graphqlTestServer close', () => {
  const serve = useServer();
  useCalm();
  afterEach(restore);
  const setTimers = () => fakeTimers({ toFake: ['setInterval', 'clearInterval', 'Date'] });

  it('ends the operations and the heartbeats of a client that does not answer, then drops it', async () => {
    const clock = setTimers();
    let ended = 0;
    const server = await serve({
      keepAlive: 5,
      handle: () => concat(of({ data: 1 }), NEVER).pipe(finalize(() => ++ended)),
    });
    const client = await connect(server.url);
    client.send(subscribe);
    await server.ledger.until('started');
    client.socket.pause();
    server.close(4000, 'enough');
    server.close(4001);
    const { ledger } = server;
    expect([ended, ledger.operations.length, ledger.billed.length]).to.deep.equal([1, 0, 0]);
    expect(ledger.sockets).to.have.length(1);
    let finished = false;
    const finishing = server.finished().then(() => (finished = true));
    clock.tick(1_999);
    await delay(20);
    expect(finished).to.equal(false);
    const types = ledger.entries.map(({ type }) => type);
    expect(types.slice(types.indexOf('closing'))).to.deep.equal(['closing', 'ended']);
    clock.tick(1);
    await ledger.until('closed');
    await finishing;
    client.socket.terminate();
  });

  it('is told by the ledger, with code and reason', async () => {
    const server = await serve();
    for (const [code, reason] of [[4000, 'enough'], [1001], []] as [number?, string?][]) {
      const client = await connect(server.url);
      server.close(code, reason);
      await client.closed;
    }
    const entries = server.ledger.entries.filter(({ type }) => type === 'closing');
    expect(entries.map(({ at, ...entry }) => entry)).to.deep.equal([
      { type: 'closing', connection: 1, code: 4000, reason: 'enough' },
      { type: 'closing', connection: 2, code: 1001, reason: '' },
      { type: 'closing', connection: 3, code: 1005, reason: '' },
    ]);
    expect(server.ledger.counts.closing).to.equal(3);
  });

  it('tells nothing of a close by the client, or on a stalled socket', async () => {
    const server = await serve();
    const [one, two] = [await connect(server.url), await connect(server.url)];
    one.socket.close(1000);
    await server.ledger.until('closed');
    server.stall();
    server.close(1000);
    expect(server.ledger.counts.closing).to.equal(0);
    two.socket.terminate();
  });

  it('does not drop a client behind a network that has broken meanwhile', async () => {
    const clock = setTimers();
    const server = await serve();
    const client = await connect(server.url);
    client.socket.pause();
    server.close(4000);
    server.halfOpen();
    clock.tick(2_100);
    await delay(20);
    expect(server.ledger.closed).to.deep.equal([]);
    server.resume();
    expect((await server.ledger.until('closed')).code).to.equal(1006);
    client.socket.terminate();
  });

  it('follows a half-open client that lets too much wait: 1013, and nothing is billed', async () => {
    const server = await serve({
      maxBuffered: 2_000,
      handle: () => interval(1).pipe(map((data) => ({ data }))),
    });
    const client = await connect(server.url);
    client.send(subscribe);
    await server.ledger.until('started');
    server.halfOpen();
    server.send('é'.repeat(600), new Uint8Array(800));
    await eventually(() => expect(server.ledger.billed).to.deep.equal([]));
    expect(client.socket.readyState).to.equal(client.socket.OPEN);
    server.resume();
    expect((await client.closed).code).to.equal(1013);
    expect(await server.ledger.until('closing')).to.deep.include({
      code: 1013,
      reason: 'client is not consuming messages fast enough',
    });
  });

  it('comes to nothing on a socket that is dropped meanwhile', async () => {
    const server = await serve();
    const client = await connect(server.url);
    server.halfOpen();
    server.send('late');
    server.close(1001);
    server.drop();
    server.resume();
    expect((await client.closed).code).to.equal(1006);
    await server.ledger.until('closed');
    expect(server.ledger.counts).to.include({ closing: 0, sent: 1 });
  });

  it('encodes what is held back at the call', async () => {
    const server = await serve();
    const client = await connect(server.url);
    const message = { type: 'ping', payload: 1 };
    const circular: { type: string; payload?: unknown } = { type: 'ping' };
    circular.payload = circular;
    server.halfOpen();
    server.send(message);
    expect(() => server.send(circular)).to.throw(TypeError);
    message.payload = 2;
    server.resume();
    expect(await client.next()).to.deep.equal({ type: 'ping', payload: 1 });
  });

  describe('of handshakes', () => {
    it('code: false is no close: a legacy connection_error stands alone', async () => {
      const server = await serve();
      server.reject('no', { code: false, reason: 'for no frame' });
      for (const payload of ['no', 'no']) {
        const client = await dial(server.url, legacy);
        for (let i = 0; i < 2; i++) {
          client.send(init);
          expect(await client.next()).to.deep.equal({ type: 'connection_error', payload });
        }
      }
      expect(server.ledger.counts.closing).to.equal(0);
    });

    it('code: false is silence on the current protocol', async () => {
      const server = await serve();
      server.reject(undefined, { code: false });
      const client = await dial(server.url);
      client.send(init);
      await server.ledger.received('connection_init');
      const ponged = once(client.socket, 'pong');
      client.socket.ping();
      await ponged;
      expect(client.heard).to.deep.equal([]);
      expect(server.ledger.counts.closing).to.equal(0);
    });
  });
});

const refusedAt = (url: string) =>
  dial(url).catch((error: unknown) => (error as { code: string }).code);

const settled = (promise: Promise<unknown>) =>
  Promise.race([promise.then(() => 'settled'), delay(500, 'pending', { ref: false })]);

describe('graphqlTestServer stop', () => {
  const serve = useServer();

  for (const tls of [undefined, 'self-signed' as const])
    for (const how of ['stop', 'restart'] as const)
      it(`${how}() waits for the end of all that the server worked for${tls ? ', with TLS' : ''}`, async () => {
        let ended = 0;
        const server = await serve({
          tls,
          keepAlive: 1_000,
          handle: () => NEVER.pipe(finalize(() => ++ended)),
        });
        const clients: RawClient[] = [];
        for (const fault of ['resume', 'halfOpen', 'stall', 'close'] as const) {
          const client = await dial(server.url, current, { ca: server.certificate });
          client.send(init);
          await client.next();
          client.send(subscribe);
          await server.ledger.until('started', undefined, clients.push(client));
          client.socket.pause();
          server.peers.at(-1)?.[fault]();
        }
        await server[how]();
        const { ledger, peers } = server;
        expect(ended).to.equal(4);
        expect([...ledger.operations, ...ledger.sockets, ...ledger.billed, ...peers]).to.be.empty;
        expect(ledger.closed).to.have.length(4);
        for (const { socket } of clients) socket.terminate();
      });

  const twice: Record<string, (server: GraphQLTestServer) => Promise<unknown>[]> = {
    'start() and stop()': (server) => [server.start(), server.stop()],
    'stop() and start()': (server) => [server.stop(), server.start()],
    'restart(), start() and stop()': ({ restart, start, stop }) => [restart(), start(), stop()],
    'start() twice': ({ start }) => [start(), start()],
  };
  for (const host of ['127.0.0.1', 'localhost'])
    for (const [name, act] of Object.entries(twice))
      it(`${name} in one go come to what the last says, at ${host}`, async () => {
        const server = await serve({ host });
        if (!name.startsWith('stop()')) await server.stop();
        expect(await settled(Promise.all(act(server)))).to.equal('settled');
        await delay(20);
        if (name.endsWith('stop()')) expect(await refusedAt(server.url)).to.equal('ECONNREFUSED');
        else await connect(server.url);
      });

  it('comes while a restart begins to listen', async () => {
    for (let ms = 0; ms < 4; ms++) {
      const server = await serve({ host: 'localhost' });
      const up = server.restart(ms);
      await delay(ms);
      expect(await settled(Promise.all([server.stop(), up]))).to.equal('settled');
      expect(await refusedAt(server.url)).to.equal('ECONNREFUSED');
    }
  });
});
