import { expect } from 'chai';
import { describe } from 'mocha';
import { switchMap, take, takeUntil } from 'rxjs';
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
import { current, protocols } from '../helpers/wire.js';

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
