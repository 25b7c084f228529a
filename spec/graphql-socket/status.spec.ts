import { expect } from 'chai';
import { describe } from 'mocha';
import { Subject } from 'rxjs';
import { bench } from '../helpers/bench.js';
import { accepts, ends, opensOnly, refuses } from '../helpers/scripted.js';
import { advance, cold, record, test } from '../helpers/test.js';
import { ack, current } from '../helpers/wire.js';

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
