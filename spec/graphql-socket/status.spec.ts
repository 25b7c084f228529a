import { expect } from 'chai';
import { describe } from 'mocha';
import { Subject } from 'rxjs';
import type { SocketEvent } from '../../lib/transport/events.js';
import { bench, wsBench } from '../helpers/bench.js';
import { accepts, ends, opensOnly, refuses } from '../helpers/scripted.js';
import { advance, cold, record, test } from '../helpers/test.js';
import { ack, complete, current, protocols } from '../helpers/wire.js';

const subscription = 'subscription { a }';

describe('status$', () => {
  test('tells a subscriber of the state into which its own handler leads', () => {
    const { socket } = bench({}, opensOnly);
    const states: string[] = [];
    socket.status$.subscribe(({ state }) => {
      states.push(state);
      if (state === 'idle') socket.subscribe$(subscription).subscribe();
    });
    expect(states).to.deep.equal(['idle', 'connecting']);
    advance(0);
  });

  test('tells every state with its instant, and what goes with it', () => {
    const flaky = accepts(
      'graphql-ws',
      cold('---x', { x: ends(1012, 'restart') }),
      ack({ user: 1 }),
    );
    const { socket } = bench(
      { retry: { delay: (_error, attempt) => attempt * 5 } },
      refuses,
      flaky,
      opensOnly,
    );
    const states = record(socket.status$);
    advance(100);
    const stream = record(socket.subscribe$(subscription));
    advance(30);
    stream.unsubscribe();
    const told = states.values.map((status) =>
      'error' in status ? { ...status, error: status.error.name } : status,
    );
    expect(told).to.deep.equal([
      { state: 'idle', since: 0 },
      { state: 'connecting', attempt: 0, since: 100 },
      { state: 'waiting', attempt: 1, delay: 5, until: 106, error: 'ConnectionError', since: 101 },
      { state: 'connecting', attempt: 1, since: 106 },
      { state: 'connected', subprotocol: 'graphql-ws', ackPayload: { user: 1 }, since: 108 },
      {
        state: 'waiting',
        attempt: 2,
        delay: 10,
        until: 121,
        error: 'ConnectionClosedError',
        since: 111,
      },
      { state: 'connecting', attempt: 2, since: 121 },
    ]);
    advance(0);
    expect(states.values.at(-1)).to.deep.equal({ state: 'idle', since: 130 });
  });

  test('knows no delay where an Observable decides', () => {
    const go$ = new Subject<void>();
    const { socket, peers } = bench({ retry: { delay: () => go$ } }, refuses);
    const states = record(socket.status$);
    record(socket.subscribe$(subscription));
    advance(50);
    const waiting = { state: 'waiting', attempt: 1, delay: undefined, until: undefined };
    expect(states.values.at(-1)).to.include(waiting);
    go$.next();
    expect(peers).to.have.length(2);
  });

  test('knows no delay that is negative', () => {
    const { socket } = bench({ retry: { delay: () => -5 } }, refuses, accepts());
    const states = record(socket.status$);
    record(socket.subscribe$(subscription));
    advance(1);
    const waiting = states.values.find(({ state }) => state === 'waiting');
    expect(waiting).to.include({ delay: 0, until: 1 });
  });

  test('counts attempts from 0 again after a stable connection, and for a new subscriber', () => {
    const { socket, at } = bench({}, refuses, accepts());
    const states = record(socket.status$);
    const stream = record(socket.subscribe$(subscription));
    advance(20);
    at(1).send(current.next('1', { data: 1 }));
    at(1).close(1006);
    advance(10);
    stream.unsubscribe();
    // a fourth dial earlier would have to wait for its turn
    advance(2_000);
    record(socket.subscribe$(subscription));
    const attempts = states.values.flatMap((status) =>
      status.state === 'connecting' ? [status.attempt] : [],
    );
    expect(attempts).to.deep.equal([0, 1, 1, 0]);
  });

  test('tells that it failed, why, and what comes after', () => {
    const { socket, at } = bench();
    const states = record(socket.status$);
    const stream = record(socket.subscribe$(subscription));
    advance(2);
    at(0).close(4429, 'enough');
    advance(0);
    expect(states.values.at(-1)).to.deep.equal({ state: 'failed', error: stream.error, since: 2 });
    advance(10);
    expect(states.values.at(-1)).to.include({ state: 'failed' });
    record(socket.subscribe$(subscription));
    expect(states.values.at(-1)).to.include({ state: 'connecting', attempt: 0 });
    advance(2);
    expect(states.values.at(-1)).to.include({ state: 'connected' });
  });

  test('never errors', () => {
    const { socket } = bench({ retry: false }, refuses);
    const states = record(socket.status$);
    for (let time = 0; time < 3; time += 1) {
      expect(record(socket.subscribe$(subscription)).log).to.deep.equal([]);
      advance(5);
    }
    expect(states.values.map(({ state }) => state)).to.deep.equal([
      'idle',
      ...['connecting', 'failed', 'connecting', 'failed', 'connecting', 'failed'],
    ]);
  });

  test('stays connected while it lingers, and is idle after that', () => {
    const { socket } = bench({ linger: 50 });
    const states = record(socket.status$);
    const stream = record(socket.subscribe$(subscription));
    advance(10);
    stream.unsubscribe();
    advance(49);
    expect(states.log.at(-1)?.[0]).to.equal(2);
    advance(1);
    expect(states.log.at(-1)).to.deep.equal([60, { state: 'idle', since: 60 }]);
  });
});

/** Without what is the same in each. */
const brief = ({ at, connection, ...event }: SocketEvent) => [at, connection, event];

describe('events$', () => {
  for (const wire of protocols)
    test(`tells what happens on the wire, on ${wire.subprotocol}`, () => {
      const params = { connectionParams: { token: 't' } };
      const { socket, at } = bench(params, accepts(wire.subprotocol, undefined, ack({ user: 1 })));
      const events = record(socket.events$);
      record(socket.subscribe$(subscription));
      advance(5);
      at(0).send(wire.next('1', { data: 1 }), complete('1'));
      advance(5);
      const received = events.values.filter(({ type }) => type === 'received');
      expect(received.map((event) => (event as { text: string }).text)).to.deep.equal(
        [ack({ user: 1 }), wire.next('1', { data: 1 }), complete('1')].map((m) =>
          JSON.stringify(m),
        ),
      );
      const init = { type: 'connection_init', payload: '[redacted]' };
      const payload = { query: subscription };
      const sent = (at: number, message: object, frame: object) => [
        at,
        1,
        { type: 'sent', message, text: JSON.stringify(frame) },
      ];
      const told = events.values.filter(({ type }) => type !== 'received').map(brief);
      expect(told).to.deep.equal([
        [1, 1, { type: 'opened', subprotocol: wire.subprotocol }],
        sent(1, { type: 'init', payload: '[redacted]' }, init),
        [2, 1, { type: 'acknowledged', payload: { user: 1 } }],
        sent(2, { type: 'subscribe', id: '1', payload }, wire.subscribe('1', payload)),
        ...wire.goodbye.map((frame) => sent(5, { type: 'terminate' }, frame)),
        [6, 1, { type: 'closed', code: 1000, reason: '', wasClean: true }],
      ]);
    });

  test('tells pings and pongs, of both sides, with the latency', () => {
    const { socket, at } = bench({ pingInterval: 100 });
    const events = record(socket.events$);
    record(socket.subscribe$(subscription));
    advance(10);
    at(0).send({ type: 'ping', payload: { n: 1 } }, { type: 'pong' });
    advance(92);
    at(0).send({ type: 'ping' });
    advance(7);
    at(0).send({ type: 'pong', payload: 'late' }, { type: 'pong' });
    const liveness = events.values.filter(({ type }) => type === 'ping' || type === 'pong');
    const [payload, none, received, sent] = [{ n: 1 }, undefined, 'received', 'sent'];
    expect(liveness.map(brief)).to.deep.equal([
      [10, 1, { type: 'ping', direction: received, payload }],
      [10, 1, { type: 'pong', direction: sent, payload, latency: none }],
      [10, 1, { type: 'pong', direction: received, payload: none, latency: none }],
      [102, 1, { type: 'ping', direction: sent, payload: none }],
      [102, 1, { type: 'ping', direction: received, payload: none }],
      [102, 1, { type: 'pong', direction: sent, payload: none, latency: none }],
      [109, 1, { type: 'pong', direction: received, payload: 'late', latency: 7 }],
      [109, 1, { type: 'pong', direction: received, payload: none, latency: none }],
    ]);
  });

  test('counts sockets, so that old and new can be told apart', () => {
    const { socket, at } = bench();
    const events = record(socket.events$);
    const stream = record(socket.subscribe$(subscription));
    advance(2);
    at(0).close(1012, 'restart');
    advance(12);
    stream.unsubscribe();
    advance(1);
    const ends = events.values.filter(({ type }) => type === 'opened' || type === 'closed');
    expect(ends.map(({ type, connection }) => [type, connection])).to.deep.equal([
      ['opened', 1],
      ['closed', 1],
      ['opened', 2],
      ['closed', 2],
    ]);
    expect(ends[1]).to.deep.include({ at: 2, code: 1012, reason: 'restart' });
  });

  test('tells of a close for a fault once, with our code, whatever the peer answers', () => {
    const { socket, at } = bench();
    const events = record(socket.events$);
    record(socket.subscribe$(subscription));
    advance(2);
    at(0).send('no JSON');
    advance(5);
    const closes = events.values.filter(({ type }) => type === 'closed');
    expect(closes.map(brief)).to.deep.equal([
      [2, 1, { type: 'closed', code: 4400, reason: 'Malformed frame', wasClean: false }],
    ]);
  });

  test('shows the headers of the upgrade in Node, but for cookies', () => {
    const { socket, at } = wsBench();
    const events = record(socket.events$);
    record(socket.subscribe$(subscription));
    at(0).emit('upgrade', { headers: { server: 'x', 'set-cookie': ['secret=1'] } });
    advance(1);
    expect(events.values[0]).to.deep.include({
      type: 'opened',
      headers: { server: 'x', 'set-cookie': '[redacted]' },
    });
  });

  test('begins when it is subscribed, and does not connect', () => {
    const { socket, peers, at } = bench();
    record(socket.events$);
    expect(peers).to.have.length(0);
    record(socket.subscribe$(subscription));
    advance(2);
    const late = record(socket.events$);
    expect(late.log).to.deep.equal([]);
    at(0).send({ type: 'ka' });
    expect(late.values.map(({ type }) => type)).to.deep.equal(['received', 'unhandled']);
  });
});
