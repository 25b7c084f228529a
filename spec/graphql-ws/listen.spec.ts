import { expect } from 'chai';
import { describe } from 'mocha';
import { BehaviorSubject } from 'rxjs';
import type { GraphQLSocketConfig, SocketStatus } from 'rx-graphql-ws';
import {
  toGraphQLWsClient,
  type GraphQLWsClient,
  type GraphQLWsSocket,
} from 'rx-graphql-ws/graphql-ws';
import { bench } from '../helpers/bench.js';
import { accepts, ends, opens, refuses, type Script } from '../helpers/scripted.js';
import { advance, cold, record, test, unhandled } from '../helpers/test.js';
import { ack, current, failure, legacy } from '../helpers/wire.js';

const query = 'subscription { a }';
const names = [
  'connecting',
  'opened',
  'connected',
  'ping',
  'pong',
  'message',
  'closed',
  'error',
] as const;
type Name = (typeof names)[number];

/** A client with a listener for each event named. `told` has what they were called with, connections as `socket`. */
function listening(
  events: readonly Name[],
  config: Partial<GraphQLSocketConfig> = {},
  ...scripts: Script[]
) {
  const given = bench(config, ...scripts);
  const asked: unknown[] = [];
  const socket = {
    ...given.socket,
    reconnect: (options: object) => void asked.push(options),
  } as typeof given.socket;
  const client = toGraphQLWsClient(socket);
  const told: unknown[][] = [];
  const sockets: GraphQLWsSocket[] = [];
  for (const event of events)
    on(client, event, (...args) => void told.push([event, ...shown(args)]));
  const shown = (args: unknown[]) =>
    args.map((arg) => {
      if (!(Object(arg) as object).hasOwnProperty('readyState')) return arg;
      sockets.push(arg as GraphQLWsSocket);
      return 'socket';
    });
  const run = () => record(socket.subscribe$(query));
  return { ...given, socket, client, told, sockets, asked, run };
}

const on = (client: GraphQLWsClient, event: Name, listener: (...args: unknown[]) => void) =>
  client.on(event as 'error', listener);

describe('a listener of a client of graphql-ws', () => {
  test('is told of a dial, of the open socket, and of the ack with its payload', () => {
    const { told, run } = listening(
      names.filter((name) => name !== 'message'),
      {},
      accepts(undefined, undefined, ack({ user: 1 })),
    );
    run();
    advance(10);
    expect(told).to.deep.equal([
      ['connecting', false],
      ['opened', 'socket'],
      ['connected', 'socket', { user: 1 }, false],
    ]);
  });

  test('hears that a dial is a retry until the socket object has rested', () => {
    const { told, run, at } = listening(['connecting', 'connected'], {}, refuses, accepts());
    const stream = run();
    advance(20);
    at(1).close(1012);
    advance(20);
    stream.unsubscribe();
    advance(2_000);
    run();
    advance(20);
    expect(told.map((each) => [each[0], each.at(-1)])).to.deep.equal([
      ['connecting', false],
      ['connecting', true],
      ['connected', true],
      ['connecting', true],
      ['connected', true],
      ['connecting', false],
      ['connected', false],
    ]);
  });

  test('hears that a dial is a retry, though it came after the failure before it', () => {
    const { told, run, client } = listening([], { retry: { delay: 10 } }, refuses, accepts());
    run();
    advance(5);
    on(client, 'connecting', (isRetry) => void told.push(['late', isRetry]));
    advance(20);
    expect(told).to.deep.equal([['late', true]]);
  });

  test('hears of a dial after a connection that it was not told of, that it is a retry', () => {
    const { told, run, client, at } = listening([]);
    run();
    advance(5);
    on(client, 'connecting', (isRetry) => void told.push(['late', isRetry]));
    at(0).close(1006);
    advance(20);
    expect(told).to.deep.equal([['late', true]]);
  });

  test('hears of no state that began before it listened', () => {
    const { told, run, client } = listening([]);
    run();
    on(client, 'connecting', () => void told.push(['connecting']));
    advance(5);
    on(client, 'connected', () => void told.push(['connected']));
    advance(5);
    expect(told).to.deep.equal([]);
  });

  test('is told of pings and pongs in both directions, with their payloads', () => {
    const { told, run, at } = listening(['ping', 'pong'], { pingInterval: 50 });
    run();
    advance(10);
    at(0).send({ type: 'ping', payload: { some: 'data' } });
    advance(45);
    at(0).send({ type: 'pong' });
    expect(told).to.deep.equal([
      ['ping', true, { some: 'data' }],
      ['pong', false, { some: 'data' }],
      ['ping', false, undefined],
      ['pong', true, undefined],
    ]);
  });

  for (const wire of [current, legacy])
    test(`is told of each valid message in the words of the current protocol, on ${wire.subprotocol}`, () => {
      const { told, run, at } = listening(['message'], {}, accepts(wire.subprotocol));
      run();
      run();
      advance(10);
      at(0).send(
        wire.next('1', { data: { a: 1 } }),
        { type: 'who knows' },
        failure('1', 'refused'),
        { type: 'complete', id: '2' },
      );
      expect(told.map(([, message]) => message)).to.deep.equal([
        { type: 'connection_ack' },
        { type: 'next', id: '1', payload: { data: { a: 1 } } },
        { type: 'error', id: '1', payload: [{ message: 'refused' }] },
        { type: 'complete', id: '2' },
      ]);
      advance(10);
    });

  test('is told of no result that cannot be read, and of no refusal', () => {
    const { told, run, at } = listening(['message'], {}, accepts('graphql-ws'));
    run();
    advance(10);
    at(0).send('{"type":"data","id":"1","payload":{"data":}}');
    at(0).send({ type: 'connection_error', payload: { message: 'no' } });
    expect(told.slice(1)).to.deep.equal([]);
    advance(10);
  });

  test('is told of a close with code and reason', () => {
    const { told, run, at } = listening(['closed', 'error']);
    run();
    advance(10);
    at(0).close(1012, 'restart');
    advance(1);
    expect(told).to.have.length(1);
    expect(told[0]?.[1]).to.include({ code: 1012, reason: 'restart', wasClean: true });
    advance(10);
  });

  test('is told of the close of a socket object that is disposed of', () => {
    const { told, run, client } = listening(['closed']);
    run();
    advance(10);
    void client.dispose();
    advance(10);
    expect(told[0]?.[1]).to.include({ code: 1000 });
  });

  test('is told of a dial that failed: of the error, and of a close with 1006', () => {
    const { told, run } = listening(['closed', 'error'], { retry: false }, refuses);
    const stream = run();
    advance(10);
    const closed = told.find(([name]) => name === 'closed');
    expect(closed?.[1]).to.include({ code: 1006, reason: '' });
    expect(told.filter(([name]) => name === 'error')).to.deep.equal([['error', stream.error]]);
    expect(stream.error).to.include({ name: 'ConnectionError' });
  });

  test('is told of each failed attempt once, also where the next must wait for its turn', () => {
    const { told, run, socket } = listening(['error'], { retry: { delay: 1 } }, refuses);
    const states = record(socket.status$);
    let stream = run();
    advance(50);
    stream.unsubscribe();
    advance(1);
    stream = run();
    advance(50);
    const waits = states.values.map((status) => status.state === 'waiting' && status.attempt);
    expect(waits).to.include(0);
    const errors = told.map(([, error]) => error);
    expect(errors).to.have.length.greaterThan(2);
    expect(new Set(errors).size).to.equal(errors.length);
    stream.unsubscribe();
  });

  test('is told nothing after it has left; the others are', () => {
    const { told, run, client } = listening(['connecting']);
    const leave = client.on('connecting', () => void told.push(['gone']));
    on(client, 'connecting', () => void told.push(['stays']));
    leave();
    leave();
    run();
    expect(told).to.deep.equal([['connecting', false], ['stays']]);
    advance(10);
  });

  test('that throws harms no other, and not the operation', () => {
    const { told, run, client, at } = listening([]);
    const reported = unhandled();
    client.on('message', () => {
      throw new Error('the listener failed');
    });
    client.on('message', ({ type }) => void told.push([type]));
    const stream = run();
    advance(10);
    at(0).send(current.next('1', { data: { a: 1 } }));
    advance(1);
    expect(told).to.deep.equal([['connection_ack'], ['next']]);
    expect(stream.values).to.deep.equal([{ a: 1 }]);
    expect(reported).to.deep.equal(['the listener failed', 'the listener failed']);
    advance(10);
  });

  test('of an event that there is not is refused', () => {
    const { client } = listening([]);
    for (const name of ['reconnected', 'toString'])
      expect(() => client.on(name as 'error', () => undefined))
        .to.throw(
          `no event \`${name}\`: there are connecting, opened, connected, ping, pong, message, closed, error`,
        )
        .that.includes({ name: 'ConfigurationError', option: 'event' });
  });
});

describe('the connection that listeners of `opened` and `connected` get', () => {
  test('is open until it is lost, and closes by a reconnect', () => {
    const { sockets, run, at, asked } = listening(['opened', 'connected']);
    run();
    advance(10);
    expect(sockets.map(({ readyState }) => readyState)).to.deep.equal([1, 1]);
    sockets[0]?.close(4403, 'Forbidden');
    sockets[1]?.close();
    expect(asked).to.deep.equal([
      { code: 4403, reason: 'Forbidden' },
      { code: undefined, reason: undefined },
    ]);
    at(0).close(1006);
    advance(1);
    expect(sockets.map(({ readyState }) => readyState)).to.deep.equal([3, 3]);
    advance(20);
  });

  test('closes none that came after it', () => {
    const { sockets, run, at, asked } = listening(['opened', 'connected']);
    run();
    advance(10);
    at(0).close(1006);
    advance(20);
    expect(sockets.map(({ readyState }) => readyState)).to.deep.equal([3, 3, 1, 1]);
    sockets[0]?.close(4403);
    sockets[1]?.close(4403);
    expect(asked).to.deep.equal([]);
    sockets[2]?.close(4403);
    expect(asked).to.have.length(1);
  });

  test('that never was acknowledged is over with the next dial', () => {
    // within the attempt another protocol is tried
    const early = cold('ox', { o: opens(), x: ends(1006) });
    const { sockets, told, run, client } = listening(['opened'], {}, early, accepts());
    client.on('connecting', () => void told.push(['connecting']));
    run();
    advance(30);
    expect(told).to.deep.equal([['connecting'], ['opened', 'socket'], ['opened', 'socket']]);
    expect(sockets.map(({ readyState }) => readyState)).to.deep.equal([3, 1]);
  });

  test('is over where an earlier listener has closed the socket object', () => {
    const { socket, sockets, told, run, client } = listening([]);
    client.on('connected', () => {
      socket.close();
    });
    client.on('connected', (present) => void sockets.push(present));
    run();
    advance(10);
    expect(told).to.deep.equal([]);
    expect(sockets.map(({ readyState }) => readyState)).to.deep.equal([3]);
  });

  test('is over with a dial that follows it at once, which is a retry', () => {
    const { socket } = bench();
    const status$ = new BehaviorSubject<SocketStatus>({
      state: 'connecting',
      attempt: 0,
      since: 0,
    });
    const client = toGraphQLWsClient({ ...socket, status$ });
    const retries: boolean[] = [];
    let present: GraphQLWsSocket | undefined;
    client.on('connected', (connection) => (present ??= connection));
    client.on('connecting', (isRetry) => void retries.push(isRetry));
    status$.next({ state: 'connected', subprotocol: '', ackPayload: undefined, since: 1 });
    expect(present?.readyState).to.equal(1);
    status$.next({ state: 'connecting', attempt: 0, since: 2 });
    expect(present?.readyState).to.equal(3);
    expect(retries).to.deep.equal([true]);
  });
});
