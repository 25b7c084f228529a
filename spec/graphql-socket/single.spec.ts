import { expect } from 'chai';
import { describe } from 'mocha';
import { take } from 'rxjs';
import { bench } from '../helpers/bench.js';
import { accepts, opensOnly, refuses } from '../helpers/scripted.js';
import { advance, record, test, timers } from '../helpers/test.js';
import { complete, current, failure, protocols } from '../helpers/wire.js';

describe('query$ and mutate$', () => {
  for (const wire of protocols)
    test(`emit once, complete, and send one stop if further results come, on ${wire.subprotocol}`, () => {
      const { socket, at } = bench({}, accepts(wire.subprotocol));
      record(socket.connection$);
      const streams = [record(socket.query$('{ a }')), record(socket.mutate$('mutation { a }'))];
      advance(2);
      for (const id of ['1', '2']) at(0).send(wire.next(id, { data: id }));
      expect(at(0).sent).to.have.length(3);
      for (const id of ['1', '2', '77'])
        at(0).send(wire.next(id, { data: 'more' }), wire.next(id, { data: 'more' }));
      expect(streams.map(({ log }) => log)).to.deep.equal(
        ['1', '2'].map((id) => [
          [2, id],
          [2, 'complete'],
        ]),
      );
      expect(at(0).sent.slice(3)).to.deep.equal([wire.stop('1'), wire.stop('2')]);
    });

  test('are remembered by the thousand, in case that further results come', () => {
    const { socket, at } = bench();
    record(socket.connection$);
    advance(2);
    for (let id = 1; id <= 5_000; id += 1) {
      record(socket.query$('{ a }'));
      at(0).send(current.next(String(id), { data: id }));
    }
    const before = at(0).sent.length;
    for (const id of ['1', '5000']) at(0).send(current.next(id, { data: 'more' }));
    expect(at(0).sent.slice(before)).to.deep.equal([current.stop('5000')]);
  });

  test('tell the server when they are left before there is a result, as a subscription that is left does', () => {
    for (const wire of protocols) {
      const { socket, at } = bench({}, accepts(wire.subprotocol));
      const [query, mutation] = [record(socket.query$('{ a }')), record(socket.mutate$('{ a }'))];
      const first = record(socket.subscribe$('subscription { a }').pipe(take(1)));
      advance(2);
      query.unsubscribe();
      mutation.unsubscribe();
      at(0).send(wire.next('3', { data: 1 }));
      expect(first.log.at(-1)?.[1]).to.equal('complete');
      expect(at(0).sent.slice(4)).to.deep.equal(['1', '2', '3'].map(wire.stop));
      advance(5);
    }
  });

  test('are an OperationError where the server completes without a result', () => {
    const { socket, at } = bench();
    const streams = [record(socket.query$('{ a }')), record(socket.mutate$('mutation { a }'))];
    advance(2);
    at(0).send(complete('1'), complete('2'));
    for (const { error } of streams) {
      expect(error).to.include({ name: 'OperationError' });
      expect(error.message).to.include('without a result');
    }
  });

  test('are an OperationError for a result with errors, and send nothing back', () => {
    const { socket, at } = bench();
    const partial = { data: { a: null }, errors: [{ message: 'no', path: ['a'] }] };
    const strict = record(socket.query$('{ a }'));
    const lenient = record(socket.query$('{ a }', { errorPolicy: 'ignore' }));
    const refused = record(socket.mutate$('mutation { a }'));
    advance(2);
    at(0).send(current.next('1', partial), current.next('2', partial), failure('3', 'no'));
    expect(strict.error).to.deep.include({ name: 'OperationError', ...partial });
    expect(lenient.values).to.deep.equal([partial.data]);
    expect(refused.error).to.deep.include({ errors: [{ message: 'no' }] });
    advance(0);
    expect(at(0).sent).to.have.length(4);
  });

  test('are a ProtocolError for a result that is none, and the connection stays', () => {
    const { socket, at } = bench();
    const beside = record(socket.subscribe$('subscription { a }'));
    const bad = [null, 'text', [], 1, {}, { extensions: {} }];
    const queries = bad.map(() => record(socket.query$('{ a }')));
    advance(2);
    bad.forEach((payload, index) => at(0).send(current.next(String(index + 2), payload)));
    for (const { error } of queries) expect(error).to.include({ name: 'ProtocolError' });
    expect([beside.log, at(0).closes]).to.deep.equal([[], []]);
  });
});

describe('a mutation whose connection is lost', () => {
  test('is sent again with resend: true; and a query is not with resend: false', () => {
    const { socket, at } = bench();
    record(socket.mutate$('mutation { a }', { resend: true }));
    const query = record(socket.query$('{ a }', { resend: false }));
    const subscription = record(socket.subscribe$('subscription { a }', { resend: false }));
    advance(2);
    at(0).close(1006);
    advance(0);
    for (const { error } of [query, subscription])
      expect(error).to.include({ name: 'ConnectionLostError' });
    advance(12);
    const text = { query: 'mutation { a }' };
    expect(at(1).sent.slice(1)).to.deep.equal([current.subscribe('4', text)]);
  });
});

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
