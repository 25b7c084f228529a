import { expect } from 'chai';
import { describe } from 'mocha';
import { switchMap, take, takeUntil } from 'rxjs';
import type { GraphQLSocketConfig } from '../../lib/config.js';
import { bench, subscribed } from '../helpers/bench.js';
import { accepts, answering } from '../helpers/scripted.js';
import {
  advance,
  cold,
  expectSubscriptions,
  flush,
  hot,
  record,
  test,
  timers,
} from '../helpers/test.js';
import { complete, current, failure, legacy, protocols } from '../helpers/wire.js';

const query = 'subscription { a }';

const types = (messages: readonly { readonly type?: unknown }[]) =>
  messages.map(({ type }) => type);

describe('unsubscribing', () => {
  for (const wire of protocols)
    test(`once it was sent tells the server, and says goodbye, on ${wire.subprotocol}`, () => {
      const { at, live, stream } = subscribed(bench({}, accepts(wire.subprotocol)));
      advance(5);
      stream.unsubscribe();
      advance(5);
      expect(at(0).sent.slice(2)).to.deep.equal([wire.stop('1'), ...wire.goodbye]);
      expect([live().length, timers(), stream.log]).to.deep.equal([0, 0, []]);
    });

  test('in the backoff after a loss says nothing of what was lost', () => {
    const { at, messages, live, stream } = subscribed(bench());
    advance(5);
    at(0).close(1001);
    advance(3);
    stream.unsubscribe();
    advance(20);
    expect(types(messages())).to.deep.equal(['connection_init', 'subscribe']);
    expect([live().length, timers(), stream.log]).to.deep.equal([0, 0, []]);
  });

  test('while the socket closes, and subscribing again, dials anew', () => {
    const { socket, peers, at, live } = bench();
    record(socket.subscribe$(query)).unsubscribe();
    advance(1);
    const first = record(socket.subscribe$(query));
    advance(2);
    first.unsubscribe();
    advance(0);
    at(1).ignoreClose();
    const second = record(socket.subscribe$(query));
    advance(2);
    expect(peers).to.have.length(3);
    expect(types(at(2).sent)).to.deep.equal(['connection_init', 'subscribe']);
    second.unsubscribe();
    advance(1);
    expect(live()).to.have.length(0);
  });

  test('asks the url no more once nobody waits for it', () => {
    const url$ = cold('-----u', { u: 'ws://peer/' });
    const { peers, stream } = subscribed(bench({ url: url$ }));
    advance(3);
    stream.unsubscribe();
    advance(20);
    expectSubscriptions(url$.subscriptions).toBe('^--!');
    expect(peers).to.have.length(0);
    flush();
  });

  test('of one leaves the others alone, and counts nobody twice', () => {
    const { socket, at } = bench();
    const [a, b] = [record(socket.subscribe$(query)), record(socket.subscribe$(query))];
    advance(2);
    a.unsubscribe();
    a.unsubscribe();
    advance(10);
    at(0).send(current.next('1', { data: 'late' }), current.next('2', { data: 1 }));
    expect([a.values, b.values, at(0).closes]).to.deep.equal([[], [1], []]);
    b.unsubscribe();
    advance(0);
    expect(at(0).closes).to.have.length(1);
  });

  for (const wire of protocols)
    test(`on the first of five frames in one tick lets one through, on ${wire.subprotocol}`, () => {
      const { socket, at } = subscribed(bench({}, accepts(wire.subprotocol)));
      const first = record(socket.subscribe$(query).pipe(take(1)));
      advance(2);
      at(0).send(...[1, 2, 3, 4, 5].map((n) => wire.next('2', { data: n })));
      expect(first.log).to.deep.equal([
        [2, 1],
        [2, 'complete'],
      ]);
      expect(at(0).sent.slice(3)).to.deep.equal([wire.stop('2')]);
    });

  test('of a burst that comes while it is sent takes one, and stops it once', () => {
    const { socket, at } = bench({}, (peer) => {
      accepts()(peer);
      const burst = [1, 2, 3].map((n) => current.next('1', { data: n }));
      answering({ subscribe: () => peer.send(...burst) })(peer);
    });
    const first = record(socket.subscribe$(query).pipe(take(1)));
    advance(3);
    expect(first.values).to.deep.equal([1]);
    expect(types(at(0).sent)).to.deep.equal(['connection_init', 'subscribe', 'complete']);
  });

  test('by switchMap stops one operation and starts the next, on the same socket', () => {
    const { socket, at, peers } = bench();
    record(hot('a----b', undefined).pipe(switchMap(() => socket.subscribe$(query))));
    advance(10);
    const subscribe = (id: string) => current.subscribe(id, { query });
    const sent = at(0).sent.slice(1);
    expect(sent).to.deep.equal([subscribe('1'), current.stop('1'), subscribe('2')]);
    expect([peers.length, at(0).closes]).to.deep.equal([1, []]);
  });

  test('by takeUntil completes, and stops the operation', () => {
    const { socket, at } = bench();
    const stream = record(socket.subscribe$(query).pipe(takeUntil(hot('-----x'))));
    advance(6);
    expect(stream.log).to.deep.equal([[5, 'complete']]);
    expect(at(0).sent.at(-1)).to.deep.equal(current.stop('1'));
    expect(at(0).closes).to.have.length(1);
  });
});

const config: Partial<GraphQLSocketConfig> = { onServerComplete: 'restart' };

const sends = (peer: { readonly sent: readonly { type?: unknown; id?: unknown }[] }) =>
  peer.sent.filter(({ type }) => type === 'subscribe' || type === 'start').map(({ id }) => id);

describe("onServerComplete: 'restart'", () => {
  for (const wire of protocols)
    test(`sends a subscription that the server completes again, under a fresh id, on ${wire.subprotocol}`, () => {
      const { at, stream } = subscribed(bench(config, accepts(wire.subprotocol)));
      advance(10);
      at(0).send(wire.next('1', { data: 1 }), complete('1'));
      advance(500);
      expect(sends(at(0))).to.deep.equal(['1', '2']);
      at(0).send(wire.next('2', { data: 2 }));
      expect(stream.values).to.deep.equal([1, 2]);
      stream.unsubscribe();
      expect(at(0).sent).to.deep.include(wire.stop('2'));
      expect(at(0).sent).to.not.deep.include(wire.stop('1'));
      advance(5);
      expect(timers()).to.equal(0);
    });

  test('waits longer and longer, and begins anew after an operation that has lasted', () => {
    const { at } = subscribed(bench(config));
    advance(10);
    const completeAll = (seconds: number) => {
      for (let tick = 0; tick < seconds * 100; tick += 1) {
        at(0).send(complete(String(sends(at(0)).at(-1))));
        advance(10);
      }
    };
    completeAll(120);
    // 20 s at most, 10 s on average: an operation a second would be 120
    expect(sends(at(0)).length).to.be.within(6, 40);
    advance(30_000);
    const before = sends(at(0)).length;
    completeAll(1);
    expect(sends(at(0)).length).to.be.greaterThan(before);
  });

  test('may be said of one operation, and taken back for another', () => {
    const { socket, at } = bench();
    const again = record(socket.subscribe$(query, config as { onServerComplete: 'restart' }));
    const once = record(socket.subscribe$(query));
    advance(10);
    at(0).send(complete('1'), complete('2'));
    advance(500);
    expect(sends(at(0))).to.deep.equal(['1', '2', '3']);
    expect([again.log, once.log.at(-1)?.[1]]).to.deep.equal([[], 'complete']);
    again.unsubscribe();
    const other = bench(config);
    const complete$ = other.socket.subscribe$(query, { onServerComplete: 'complete' });
    const stream = record(complete$);
    advance(10);
    other.at(0).send(complete('1'));
    expect(stream.log.at(-1)?.[1]).to.equal('complete');
  });

  test('is not said of a query, nor of an error', () => {
    const { socket, at } = bench(config);
    const single = record(socket.query$('{ a }'));
    const whole = record(socket.execute$('{ a }'));
    const failed = record(socket.subscribe$(query));
    advance(10);
    at(0).send(current.next('1', { data: 1 }), complete('1'));
    at(0).send(current.next('2', { data: 2 }), complete('2'));
    at(0).send(failure('3', 'no'));
    advance(10_000);
    expect(single.log.at(-1)?.[1]).to.equal('complete');
    expect(whole.log.at(-1)?.[1]).to.equal('complete');
    expect(failed.error).to.include({ name: 'OperationError' });
    expect(sends(at(0))).to.deep.equal(['1', '2', '3']);
  });

  test('goes on at once on the next connection', () => {
    const { at } = subscribed(bench(config));
    advance(10);
    at(0).send(complete('1'));
    at(0).close();
    advance(12);
    expect(sends(at(1))).to.deep.equal(['2']);
    advance(1_000);
    expect(sends(at(1))).to.deep.equal(['2']);
  });

  test('ends with close(), and with the last unsubscribe, in the midst of its wait', () => {
    const { socket, at } = bench(config, accepts(legacy.subprotocol));
    const closed = record(socket.subscribe$(query));
    const left = record(socket.subscribe$(query));
    advance(10);
    at(0).send(complete('1'), complete('2'));
    left.unsubscribe();
    socket.close();
    advance(5_000);
    expect(closed.log.map(([, what]) => what)).to.deep.equal(['complete']);
    expect(left.log).to.deep.equal([]);
    expect(sends(at(0))).to.deep.equal(['1', '2']);
    expect(timers()).to.equal(0);
  });
});
