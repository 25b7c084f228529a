import { expect } from 'chai';
import { describe } from 'mocha';
import { bench } from '../helpers/bench.js';
import { accepts, opensOnly, refuses } from '../helpers/scripted.js';
import { advance, record, test, timers } from '../helpers/test.js';
import { current } from '../helpers/wire.js';

describe('sendWithin', () => {
  test('errors when it could not be sent in time, and it never is', () => {
    const { socket, at, peers } = bench({ retry: { delay: 100 } }, refuses, accepts());
    const late = record(socket.mutate$('mutation { a }', { sendWithin: 50 }));
    const patient = record(socket.mutate$('mutation { b }', { sendWithin: 500 }));
    advance(49);
    expect(late.log).to.deep.equal([]);
    advance(1);
    expect(late.error).to.include({ name: 'ConnectionError' });
    expect(late.error.message).to.include('50 ms');
    advance(100);
    expect(peers).to.have.length(2);
    expect(at(1).sent.slice(1)).to.deep.equal([
      current.subscribe('1', { query: 'mutation { b }' }),
    ]);
    advance(1_000);
    expect(patient.log).to.deep.equal([]);
  });

  test('is over once it was sent: a query is sent again after a loss', () => {
    const { socket, at } = bench();
    const query = record(socket.query$('{ a }', { sendWithin: 5 }));
    advance(2);
    at(0).close(1006);
    advance(20);
    at(1).send(current.next('2', { data: 1 }));
    expect(query.values).to.deep.equal([1]);
    advance(5);
    expect(timers()).to.equal(0);
  });

  test('closes the socket, and leaves no timer, when nobody else is there', () => {
    const { socket, live } = bench({}, opensOnly);
    record(socket.query$('{ a }', { sendWithin: 5 }));
    record(socket.query$('{ a }', { sendWithin: 5_000 })).unsubscribe();
    advance(5);
    advance(5);
    expect([live().length, timers()]).to.deep.equal([0, 0]);
  });

  test('of 0 takes what is connected', () => {
    const { socket, at } = bench();
    record(socket.connection$);
    advance(2);
    const query = record(socket.query$('{ a }', { sendWithin: 0 }));
    advance(1);
    at(0).send(current.next('1', { data: 1 }));
    expect(query.values).to.deep.equal([1]);
  });
});
