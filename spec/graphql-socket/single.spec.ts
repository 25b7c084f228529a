import { expect } from 'chai';
import { describe } from 'mocha';
import { take } from 'rxjs';
import { bench } from '../helpers/bench.js';
import { accepts, opensOnly, refuses } from '../helpers/scripted.js';
import { advance, record, test } from '../helpers/test.js';
import { complete, current, failure, protocols } from '../helpers/wire.js';

describe('query$ and mutate$', () => {
  for (const wire of protocols)
    test(`emit once, complete, and send nothing back, on ${wire.subprotocol}`, () => {
      const { socket, at } = bench({}, accepts(wire.subprotocol));
      record(socket.connection$);
      const streams = [record(socket.query$('{ a }')), record(socket.mutate$('mutation { a }'))];
      advance(2);
      for (const id of ['1', '2'])
        at(0).send(wire.next(id, { data: id }), wire.next(id, { data: 'more' }), complete(id));
      expect(streams.map(({ log }) => log)).to.deep.equal(
        ['1', '2'].map((id) => [
          [2, id],
          [2, 'complete'],
        ]),
      );
      expect(at(0).sent).to.have.length(3);
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
  test('is not sent twice: it may have run', () => {
    const { socket, at, peers } = bench();
    const mutation = record(socket.mutate$('mutation { a }'));
    const whole = record(socket.execute$('mutation { a }'));
    const persisted = record(socket.payload$({ query: '', extensions: { id: 1 } }));
    const query = record(socket.query$('{ a }'));
    advance(2);
    at(0).close(1001);
    advance(0);
    for (const [index, { error }] of [mutation, whole, persisted].entries())
      expect(error).to.include({ name: 'ConnectionLostError', operationId: String(index + 1) });
    expect(mutation.error.cause).to.include({ name: 'ConnectionClosedError', code: 1001 });
    advance(12);
    expect(peers).to.have.length(2);
    expect(at(1).sent.slice(1)).to.deep.equal([current.subscribe('5', { query: '{ a }' })]);
    at(1).send(current.next('5', { data: 1 }));
    expect(query.values).to.deep.equal([1]);
  });

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

  test('before it was sent is sent on the next one', () => {
    const { socket, at } = bench({}, refuses, opensOnly, accepts());
    const mutation = record(socket.mutate$('mutation { a }'));
    advance(12);
    at(1).close(1001);
    advance(12);
    expect(at(2).sent).to.have.length(2);
    at(2).send(current.next('1', { data: 1 }));
    expect(mutation.values).to.deep.equal([1]);
  });
});
