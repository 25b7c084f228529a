import { expect } from 'chai';
import { describe } from 'mocha';
import { bench, subscribed } from '../helpers/bench.js';
import { accepts } from '../helpers/scripted.js';
import { advance, record, test, timers } from '../helpers/test.js';
import { current } from '../helpers/wire.js';

const query = 'subscription { a }';

describe('a lost connection', () => {
  test('is not replaced when nobody subscribes any more', () => {
    const { socket, peers, at } = bench({ linger: 50 });
    record(socket.subscribe$(query)).unsubscribe();
    const stream = record(socket.subscribe$(query));
    advance(5);
    stream.unsubscribe();
    expect(at(0).closes).to.deep.equal([]);
    advance(5);
    at(0).close(1006);
    advance(1_000);
    expect([peers.length, timers()]).to.deep.equal([1, 0]);
    expect(record(socket.status$).values[0]).to.include({ state: 'idle' });
  });

  test('is replaced for those who come later', () => {
    const { socket, peers, at } = bench({ linger: 50 });
    record(socket.query$('{ a }'));
    advance(2);
    at(0).send(current.next('1', { data: 1 }));
    advance(1);
    at(0).close(1006);
    advance(0);
    const late = record(socket.subscribe$(query));
    advance(2);
    expect(peers).to.have.length(2);
    at(1).send(current.next('2', { data: 2 }));
    expect(late.values).to.deep.equal([2]);
  });

  test('is not handed to a late subscriber', () => {
    const { socket, at } = subscribed(bench());
    advance(2);
    at(0).close(1006);
    advance(0);
    const connections = record(socket.connection$);
    const late = record(socket.subscribe$(query));
    advance(5);
    expect([connections.log, late.log]).to.deep.equal([[], []]);
    advance(7);
    expect(connections.values).to.have.length(1);
    expect(
      at(1)
        .sent.slice(1)
        .map(({ id }) => id),
    ).to.deep.equal(['2', '3']);
  });

  test('is not listened to any more', () => {
    const silent = { keepAliveTimeout: 20, closeTimeout: 100 };
    const { at, stream } = subscribed(bench(silent, accepts(), accepts()));
    advance(2);
    at(0).ignoreClose();
    advance(33);
    expect(at(1).sent[1]).to.deep.equal(current.subscribe('2', { query }));
    at(0).send(current.next('1', { data: 'old' }), current.next('2', { data: 'old' }), 'no JSON');
    at(0).fail(new Error('late'));
    at(0).close(4409);
    advance(1);
    expect(stream.log).to.deep.equal([]);
    at(1).send(current.next('2', { data: 'new' }));
    expect(stream.values).to.deep.equal(['new']);
  });
});
