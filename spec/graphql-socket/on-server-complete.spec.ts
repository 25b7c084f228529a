import { expect } from 'chai';
import { describe } from 'mocha';
import type { GraphQLSocketConfig } from '../../lib/config.js';
import { bench, subscribed } from '../helpers/bench.js';
import { advance, record, test, timers } from '../helpers/test.js';
import { complete, current, failure, legacy, protocols } from '../helpers/wire.js';
import { accepts } from '../helpers/scripted.js';

const query = 'subscription { a }';
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
