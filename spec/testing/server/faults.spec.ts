import { expect } from 'chai';
import { afterEach, describe, it } from 'mocha';
import { setTimeout as delay } from 'node:timers/promises';
import { interval, map } from 'rxjs';
import { restore } from 'sinon';
import { once } from 'node:events';
import { graphqlTestServer, type ServerFaults } from 'rx-graphql-ws/testing/server';
import { useServer } from '../../helpers/use-server.js';
import { fakeTimers } from '../../helpers/fake-timers.js';
import { failureOf } from '../../helpers/failure-of.js';
import { useSocket } from '../../helpers/use-socket.js';
import { eventually } from '../../helpers/eventually.js';
import { answerTo, connect, current, dial, legacy, subscribe } from './raw-client.js';

describe('graphqlTestServer faults', () => {
  const serve = useServer();

  it('a peer is sent to, closed and dropped on its own', async () => {
    const server = await serve();
    const one = await connect(server.url);
    const two = await connect(server.url);
    const three = await connect(server.url);
    server.peers[0]!.send({ type: 'ping' });
    expect(await one.next()).to.deep.equal({ type: 'ping' });
    server.peers[1]!.drop();
    expect((await two.closed).code).to.equal(1006);
    await server.ledger.until('closed');
    server.peers[1]!.close(1013, 'slow');
    expect(await three.closed).to.deep.equal({ code: 1013, reason: 'slow' });
    await server.ledger.until('closed', undefined, 2);
    expect(server.peers.map(({ connection }) => connection)).to.deep.equal([1]);
  });

  it('stall() stops sending and reading for good, and spares new sockets', async () => {
    const server = await serve({ handle: () => interval(2).pipe(map((data) => ({ data }))) });
    const stalled = await connect(server.url);
    stalled.send(subscribe);
    await stalled.next();
    server.stall();
    await delay(5);
    const heard = stalled.heard.length;
    const received = server.ledger.frames.length;
    stalled.send({ type: 'ping' });
    server.send('x');
    server.close(1000);
    await delay(30);
    expect(stalled.heard).to.have.length(heard);
    expect(server.ledger.frames).to.have.length(received);
    expect(stalled.socket.readyState).to.equal(stalled.socket.OPEN);
    const fresh = await connect(server.url);
    fresh.send(subscribe);
    expect(await fresh.next()).to.deep.include({ type: 'next' });
    // It does not notice that the client has gone, and goes on working for it.
    stalled.socket.terminate();
    await delay(20);
    expect(server.ledger.closed).to.deep.equal([]);
    expect(server.ledger.operations.map(({ connection }) => connection)).to.deep.equal([1, 2]);
    server.drop();
    await server.ledger.until('closed', undefined, 2);
    expect(server.ledger.operations).to.deep.equal([]);
  });

  it('is disposed of asynchronously', async () => {
    const server = await graphqlTestServer();
    const client = await dial(server.url, current);
    await server[Symbol.asyncDispose]();
    expect((await client.closed).code).to.equal(1006);
  });
});

describe('failDials', () => {
  const serve = useServer();
  const socketTo = useSocket();

  it('answers the next dials, in the order of the calls', async () => {
    const server = await serve();
    server.failDials({ status: 503, headers: { 'Retry-After': '1' }, body: 'later' }, 2);
    server.failDials({ status: 302, headers: { Location: 'ws://127.0.0.1:1/' } });
    expect(await answerTo(`${server.url}/other`)).to.include({ status: 404 });
    for (let i = 0; i < 2; i++) {
      const response = await answerTo(server.url);
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
    for (let i = 0; i < 3; i++) expect(await answerTo(server.url)).to.include({ status: 404 });
    server.accept();
    await connect(server.url);
  });
});

describe('keepAliveJitter', () => {
  const serve = useServer();
  afterEach(restore);

  it('moves each heartbeat, by the seed and the connection', async () => {
    const clock = fakeTimers({ toFake: ['Date', 'setInterval', 'clearInterval'] });
    const beatsOf = async (seed: number, keepAliveJitter: number) => {
      const server = await serve({ seed, keepAlive: 1_000, keepAliveJitter });
      for (let i = 0; i < 2; i++) await connect(server.url, legacy);
      const began = Date.now();
      clock.tick(20_000);
      const beats = server.ledger.sent.filter(({ message }) => message?.type === 'ka');
      return [1, 2].map((connection) =>
        beats.filter((beat) => beat.connection === connection).map(({ at }) => at - began),
      );
    };
    const [even] = await beatsOf(1, 0);
    expect(even).to.deep.equal(Array.from({ length: 21 }, (_, n) => n * 1_000));
    const [times, others] = await beatsOf(1, 0.25);
    const waits = times!.slice(1).map((at, n) => at - times![n]!);
    for (const wait of waits) expect(wait).to.be.within(750, 1_250);
    expect(Math.min(...waits)).to.be.below(850);
    expect(Math.max(...waits)).to.be.above(1_150);
    expect(others).not.to.deep.equal(times);
    expect((await beatsOf(1, 0.25))[0]).to.deep.equal(times);
    expect((await beatsOf(2, 0.25))[0]).not.to.deep.equal(times);
  });
});

type Methods = Readonly<Record<string, (...args: readonly unknown[]) => unknown>>;
const closeCode = 'expected `code` to be a close code: 1000–1003, 1007–1014 or 3000–4999';

const ofSockets: readonly (readonly [keyof ServerFaults, readonly unknown[], string])[] = [
  ['send', [undefined], 'expected `frames[0]` to be a text, bytes or a message, got undefined'],
  ['send', ['a', 5n], 'expected `frames[1]` to be a text, bytes or a message, got 5 (bigint)'],
  ['close', [99], `${closeCode}, got 99 (number)`],
  ['close', [1005], closeCode],
  ['close', [1015], closeCode],
  ['close', [4000.5], closeCode],
  ['close', ['4000'], `${closeCode}, got "4000" (string)`],
  ['close', [1000, 'é'.repeat(62)], 'expected `reason` to have at most 123 bytes, got 124'],
  ['close', [1000, 7], 'expected `reason` to be a text, got 7 (number)'],
  ['close', [undefined, 'why'], 'expected `code` to be given with a `reason`'],
  ['halfOpen', ['x'], 'expected `forMs` to be a number of milliseconds ≥ 0, got "x" (string)'],
  ['halfOpen', [2 ** 31], 'expected `forMs` to be a number of milliseconds ≥ 0'],
  ['silence', [NaN], 'expected `forMs` to be a number of milliseconds ≥ 0, got NaN (number)'],
];

const ofServers: typeof ofSockets = [
  ['failDials', ['no-answer'], 'expected `refusal` to be an object, got string'],
  ['failDials', [{ stauts: 503 }], 'unknown member `stauts`: did you mean `status`?'],
  ['failDials', [{}], 'expected `status` to be an HTTP status from 100 to 999, got undefined'],
  ['failDials', [{ status: 503, headers: { a: '\n' } }], 'expected `headers.a` to be a header of'],
  ['failDials', [{ status: 503, body: {} }], 'expected `body` to be a text, got object'],
  ['failDials', [{ status: 503 }, 0], 'expected `times` to be a whole number ≥ 1 or Infinity'],
  ['reject', [1, { code: 7 }], closeCode],
  ['reject', [1, { reason: 'x'.repeat(124) }], 'expected `reason` to have at most 123 bytes'],
  ['restart', [-1], 'expected `downFor` to be a number of milliseconds ≥ 0, got -1 (number)'],
  ['throttle', [-1], 'expected `times` to be a whole number ≥ 0 or Infinity'],
  ['throttle', [1, Infinity], 'expected `retryAfter` to be a whole number ≥ 0'],
];

describe('a wrong argument of a fault is a TypeError', () => {
  const serve = useServer();

  for (const [name, args, message] of [...ofSockets, ...ofServers])
    it(`of ${name}: ${message}`, async () => {
      const server = await serve();
      const { [name]: act } = server as unknown as Methods;
      expect(() => act!(...args)).to.throw(TypeError, message);
      const { [name]: step } = server.script().at(60_000) as unknown as Methods;
      expect(() => step!(...args), 'in a script').to.throw(TypeError, message);
      const client = await connect(server.url);
      if (ofSockets.some(([other]) => other === name)) {
        const { [name]: ofPeer } = server.peers[0] as unknown as Methods;
        expect(() => ofPeer!(...args), 'of a peer').to.throw(TypeError, message);
      }
      expect(client.socket.readyState).to.equal(client.socket.OPEN);
    });
});

const refusedAt = (url: string) =>
  dial(url).catch((error: unknown) => (error as { code: string }).code);

describe('restart', () => {
  const serve = useServer();

  it('drops every socket, and listens again at the same port', async () => {
    const server = await serve();
    const { url } = server;
    const client = await connect(url);
    await server.restart();
    expect((await client.closed).code).to.equal(1006);
    expect(server.url).to.equal(url);
    await connect(url);
    expect(server.ledger.opened.map(({ connection }) => connection)).to.deep.equal([1, 2]);
  });

  it('refuses dials meanwhile', async () => {
    const server = await serve();
    const began = performance.now();
    const up = server.restart(60);
    expect(await refusedAt(server.url)).to.equal('ECONNREFUSED');
    await up;
    expect(performance.now() - began).to.be.within(55, 400);
    await connect(server.url);
  });

  it('may be cut short by start()', async () => {
    const server = await serve();
    const up = server.restart(30);
    await refusedAt(server.url);
    await server.start();
    const client = await connect(server.url);
    await up;
    expect(client.socket.readyState).to.equal(client.socket.OPEN);
  });

  it('begins anew when it is called again', async () => {
    const server = await serve();
    const first = server.restart(20);
    const second = server.restart(80);
    await first;
    expect(await refusedAt(server.url)).to.equal('ECONNREFUSED');
    await second;
    await connect(server.url);
  });
});

const numbers = () => interval(2).pipe(map((data) => ({ data })));

describe('silence', () => {
  const serve = useServer();

  it('answers pings and nothing else, and drops what it would have said', async () => {
    const server = await serve({ handle: numbers, keepAlive: 5, keepAliveMessage: 'pong' });
    const client = await connect(server.url);
    client.send(subscribe);
    await server.ledger.until('started');
    server.silence();
    await delay(10);
    const heard = client.heard.length;
    await delay(20);
    expect(client.heard).to.have.length(heard);
    client.send({ type: 'ping', payload: { n: 1 } }, { ...subscribe, id: '2' });
    const ponged = once(client.socket, 'pong');
    client.socket.ping();
    await ponged;
    await server.ledger.until('started', undefined, 2);
    server.send({ type: 'hello' });
    expect(client.heard.slice(heard)).to.deep.equal([{ type: 'pong', payload: { n: 1 } }]);
    server.resume();
    await eventually(() => expect(client.heard.length).to.be.above(heard + 2));
    expect(client.heard).not.to.deep.include({ type: 'hello' });
  });

  it('ends by itself', async () => {
    const server = await serve({ keepAlive: 2 });
    const client = await connect(server.url, legacy);
    server.silence(150);
    await delay(20);
    const heard = client.heard.length;
    await delay(10);
    expect(client.heard).to.have.length(heard);
    await eventually(() => expect(client.heard.length).to.be.above(heard));
  });

  it('still closes', async () => {
    const server = await serve();
    const client = await connect(server.url);
    server.silence();
    server.close(1001);
    expect((await client.closed).code).to.equal(1001);
  });

  it('takes the place of halfOpen, and the other way round', async () => {
    const server = await serve();
    const client = await connect(server.url);
    server.halfOpen(30);
    client.send({ type: 'ping' });
    server.send({ type: 'held' });
    server.silence();
    expect(await client.next()).to.deep.equal({ type: 'held' });
    expect(await client.next()).to.deep.equal({ type: 'pong' });
    await delay(50);
    server.send({ type: 'dropped' });
    server.halfOpen();
    server.send({ type: 'kept' });
    server.resume();
    expect(await client.next()).to.deep.equal({ type: 'kept' });
  });

  it('has no effect on a stalled socket, nor has resume()', async () => {
    const server = await serve();
    const client = await connect(server.url);
    client.send({ type: 'ping' });
    server.stall();
    server.silence();
    server.halfOpen(1);
    server.resume();
    server.send({ type: 'hello' });
    client.send({ type: 'ping' });
    await delay(20);
    expect(client.heard).to.have.length(1);
  });
});
