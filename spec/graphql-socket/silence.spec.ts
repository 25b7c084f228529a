import { expect } from 'chai';
import { describe } from 'mocha';
import { asyncScheduler, timer } from 'rxjs';
import type { GraphQLSocketConfig } from '../../lib/config.js';
import { bench, subscribed, wsBench } from '../helpers/bench.js';
import type { Move } from '../helpers/scripted.js';
import { accepts, answering } from '../helpers/scripted.js';
import { advance, record, test, timers } from '../helpers/test.js';
import { ack, current, init, legacy, protocols } from '../helpers/wire.js';

const query = 'subscription { a }';

describe('a silent server', () => {
  for (const wire of protocols)
    test(`is left after keepAliveTimeout, and the stream goes on elsewhere, on ${wire.subprotocol}`, () => {
      const { socket, at, stream } = subscribed(
        bench({ keepAliveTimeout: 100 }, accepts(wire.subprotocol)),
      );
      const states = record(socket.status$);
      advance(50);
      at(0).send(wire.next('1', { data: 1 }));
      advance(100);
      expect(at(0).closes).to.deep.equal([{ at: 150, code: 1000, reason: '' }]);
      // no goodbye: nobody listens
      expect(at(0).sent).to.deep.equal([init, wire.subscribe('1', { query })]);
      const waiting = states.values.at(-1);
      expect(waiting).to.include({ state: 'waiting', attempt: 1, delay: 10 });
      expect(waiting).to.have.nested.property('error.name', 'SilentDisconnectError');
      advance(12);
      expect(at(1).sent[1]).to.deep.equal(wire.subscribe('2', { query }));
      expect(stream.log).to.deep.equal([[50, 1]]);
    });

  test('is dropped at once in Node, and nobody waits for its close', () => {
    const { socket, at, peers, stream } = subscribed(wsBench({ keepAliveTimeout: 100 }));
    const events = record(socket.events$);
    advance(102);
    expect(at(0).closes.map(({ code }) => code)).to.include('terminated');
    expect(events.values.at(-1)).to.include({ type: 'closed', code: 1006, connection: 1 });
    advance(10);
    expect(peers).to.have.length(2);
    stream.unsubscribe();
    advance(5);
    expect(timers()).to.equal(0);
    expect(events.values.filter(({ type }) => type === 'closed')).to.have.length(2);
  });

  test('is found out by a ping, and kept by its pong', () => {
    const answers = accepts();
    const { at, peers } = subscribed(
      bench({ pingInterval: 100, pongTimeout: 20 }, (peer) => {
        answers(peer);
        answering({ ping: () => ({ type: 'pong' }) })(peer);
      }),
    );
    advance(1_000);
    expect(peers).to.have.length(1);
    expect(at(0).sent.filter(({ type }) => type === 'ping')).to.have.length(9);
    delete at(0).replies.ping;
    advance(22);
    expect(at(0).closes).to.deep.equal([{ at: 1_022, code: 1000, reason: '' }]);
    advance(12);
    expect(at(1).sent).to.have.length(2);
  });

  test('is a fatal end with retry: false', () => {
    const { stream } = subscribed(bench({ keepAliveTimeout: 100, retry: false }));
    advance(102);
    expect(stream.log).to.deep.equal([[102, 'error', 'SilentDisconnectError']]);
    advance(1);
    expect(timers()).to.equal(0);
  });
});

describe('WebSocket-level pings', () => {
  const asked = { pingInterval: 100, pongTimeout: 20 };

  test('are sent to a legacy server when they are asked for, and their pongs count', () => {
    const { socket, at } = wsBench(asked, accepts('graphql-ws'));
    const events = record(socket.events$);
    record(socket.subscribe$(query));
    advance(102);
    expect(at(0).pings).to.deep.equal([102]);
    at(0).send({ type: 'ka' });
    advance(3);
    at(0).emit('pong');
    advance(97);
    expect(at(0).pings).to.deep.equal([102, 202]);
    const shown = events.values.flatMap<readonly unknown[]>((event) =>
      event.type === 'ping'
        ? [[event.at, event.type, event.direction]]
        : event.type === 'pong'
          ? [[event.at, event.type, event.latency]]
          : [],
    );
    expect(shown).to.deep.equal([
      [102, 'ping', 'sent'],
      [102, 'pong', undefined],
      [105, 'pong', 3],
      [202, 'ping', 'sent'],
    ]);
    expect(events.values.filter(({ type }) => type === 'received')).to.have.lengthOf(2);
    at(0).send({ type: 'ka' });
    advance(99);
    expect(at(0).closes).to.deep.equal([]);
    expect(at(0).sent).to.deep.equal([init, legacy.subscribe('1', { query })]);
  });

  test('find out a legacy server that does not answer', () => {
    const { at, peers } = subscribed(wsBench(asked, accepts('graphql-ws')));
    advance(122);
    expect(at(0).closes.map(({ code }) => code)).to.include('terminated');
    advance(10);
    expect(peers).to.have.length(2);
  });

  test('are not sent unless they are asked for, nor in a browser, nor where the protocol has its own', () => {
    const legacyWs = wsBench({ pingInterval: undefined }, accepts('graphql-ws'));
    const browser = bench(asked, accepts('graphql-ws'));
    const currentWs = wsBench({ pingInterval: 100, pongTimeout: false });
    for (const { socket } of [legacyWs, browser, currentWs]) record(socket.subscribe$(query));
    advance(60_000);
    expect(legacyWs.at(0).pings).to.deep.equal([]);
    expect(browser.at(0).sent).to.have.length(2);
    expect(browser.peers).to.have.length(1);
    expect(currentWs.at(0).pings).to.deep.equal([]);
    expect(currentWs.at(0).sent).to.deep.include({ type: 'ping' });
  });

  test('tell nothing of a pong that comes after the connection was left', () => {
    const { socket, at } = wsBench(asked, accepts('graphql-ws'));
    const events = record(socket.events$);
    const stream = record(socket.subscribe$(query));
    advance(10);
    stream.unsubscribe();
    advance(1);
    const told = events.values.length;
    at(0).emit('pong');
    expect(events.values).to.have.length(told);
  });
});

describe('the pings of a server', () => {
  test('are answered before and after the ack, with their payload', () => {
    const { at } = subscribed(bench());
    advance(1);
    at(0).send({ type: 'ping', payload: { n: 1 } });
    advance(1);
    at(0).send({ type: 'ping', payload: 'text' }, { type: 'ping' });
    expect(at(0).sent).to.deep.equal([
      init,
      { type: 'pong', payload: { n: 1 } },
      current.subscribe('1', { query }),
      { type: 'pong', payload: 'text' },
      { type: 'pong' },
    ]);
  });

  test('are left to the user with answerPings: false', () => {
    const { socket, at } = bench({ answerPings: false });
    socket.connection$.subscribe(({ messages$, send }) =>
      messages$.subscribe(({ type }) => {
        if (type === 'ping') send({ type: 'pong', payload: 'mine' });
      }),
    );
    advance(1);
    at(0).send({ type: 'ping', payload: 1 });
    advance(1);
    at(0).send({ type: 'ping', payload: 2 });
    expect(at(0).sent).to.deep.equal([init, { type: 'pong', payload: 'mine' }]);
  });
});

const opensAt =
  (ms: number): Move =>
  (peer) =>
    void timer(ms).subscribe(() => peer.open());
const pong: Move = (peer) => peer.send({ type: 'pong' });
const cases: [verdict: string, Partial<GraphQLSocketConfig>, Move, late: Move, due: number][] = [
  ['silence', { keepAliveTimeout: 1_000 }, accepts(), pong, 1_002],
  ['a ping without a pong', { pingInterval: 700, pongTimeout: 300 }, accepts(), pong, 1_002],
  ['an ack that is late', { ackTimeout: 1_000 }, opensAt(2), (peer) => peer.send(ack()), 1_002],
  [
    'a connection that takes too long',
    { connectTimeout: 1_000 },
    () => undefined,
    opensAt(0),
    1_000,
  ],
];

describe('behind a blocked event loop', () => {
  for (const [verdict, config, script, late, due] of cases) {
    const dialled = () => bench(config, script);

    test(`${verdict} is no reason while the frame that says otherwise waits to be read`, () => {
      const { socket, at, peers } = dialled();
      record(socket.subscribe$('subscription { a }'));
      // due in the same millisecond as the verdict, and behind it
      advance(due - 1);
      asyncScheduler.schedule(() => late(at(0)), 1);
      advance(50);
      expect(peers).to.have.length(1);
    });

    test(`${verdict} is a reason when there is none`, () => {
      const { socket, peers } = dialled();
      record(socket.subscribe$('subscription { a }'));
      advance(due + 12);
      expect(peers).to.have.length(2);
    });
  }
});
