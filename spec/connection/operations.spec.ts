import { expect } from 'chai';
import { describe } from 'mocha';
import { Observable, take } from 'rxjs';
import { ConnectionClosedError } from '../../lib/errors.js';
import type { Payload } from '../../lib/types.js';
import { connected } from '../helpers/connected.js';
import { advance, record, test, timers } from '../helpers/test.js';
import { complete, current, failure, protocols } from '../helpers/wire.js';

const lost = new ConnectionClosedError(1006, '', false);
const one = { data: 1 };
const texts = (payloads: readonly Payload[]) => payloads.map(({ text }) => text);
const types = (messages: readonly unknown[]) =>
  messages.map((message) => (message as { type: string }).type);

describe('Connection.execute', () => {
  test('is cold: an operation is sent when it is subscribed, one for each subscriber', () => {
    const { connection, sent } = connected();
    const operation$ = connection.execute({ query: 'query A { a }', variables: { n: 1 } });
    expect(sent()).to.deep.equal([]);
    record(operation$);
    record(operation$);
    const payload = { query: 'query A { a }', variables: { n: 1 } };
    expect(sent()).to.deep.equal(['1', '2'].map((id) => current.subscribe(id, payload)));
  });

  for (const wire of protocols)
    test(`takes each operation from its first frame to its last, on ${wire.subprotocol}`, () => {
      const { connection, receive } = connected(wire);
      const [a, b, c] = ['subscription { a }', '{ b }', 'mutation { c }'].map((text) =>
        record(connection.execute(text)),
      );
      receive(wire.next('2', one), wire.next('1', { data: 2 }), complete('2'));
      receive(failure('3', 'no', 'more'), wire.next('3', one), wire.next('2', one));
      expect(texts(a?.values ?? [])).to.deep.equal(['{"data":2}']);
      expect(b?.log).to.deep.equal([
        [0, b?.values[0]],
        [0, 'complete'],
      ]);
      expect(c?.log).to.deep.equal([[0, 'error', 'OperationError']]);
      expect(c?.error).to.include({ message: 'operation failed: no; more' });
    });

  test('knows no operation by a name that every object has, nor one that has ended', () => {
    const { connection, receive } = connected();
    const operation = record(connection.execute('subscription { a }'));
    for (const id of ['__proto__', 'constructor', 'toString', '2'])
      receive(current.next(id, one), failure(id), complete(id));
    expect(operation.log).to.deep.equal([]);
    receive(complete('1'), current.next('1', one), complete('1'), failure('1'));
    expect(operation.log).to.deep.equal([[0, 'complete']]);
  });

  test('knows the operation before it is sent: the answer may come at once', () => {
    const peer = connected(current, (message) => {
      const { type, id } = message as { type: string; id: string };
      if (type === 'subscribe')
        for (const data of [1, 2, 3]) peer.receive(current.next(id, { data }));
    });
    const first = record(peer.connection.execute('subscription { a }').pipe(take(1)));
    expect(texts(first.values)).to.deep.equal(['{"data":1}']);
    expect(types(peer.sent())).to.deep.equal(['subscribe', 'complete']);
  });

  test('tells the server of an unsubscription once, and is deaf to the operation from then on', () => {
    for (const wire of protocols) {
      const { connection, receive, sent } = connected(wire);
      const operation = record(connection.execute('subscription { a }'));
      operation.unsubscribe();
      operation.unsubscribe();
      receive(wire.next('1', one), complete('1'));
      expect(sent().slice(1)).to.deep.equal([wire.stop('1')]);
      expect(operation.log).to.deep.equal([]);
    }
  });

  test('says nothing when the server has ended the operation, and tells it of every other', () => {
    const { connection, receive, sent } = connected();
    const texts = ['subscription { a }', 'subscription { b }', '{ c }', 'mutation { d }'];
    const operations = texts.map((text) => record(connection.execute(text)));
    receive(complete('1'), failure('2'), current.next('3', one), current.next('4', one));
    for (const operation of operations) operation.unsubscribe();
    expect(sent().slice(4)).to.deep.equal([current.stop('3'), current.stop('4')]);
  });

  test('completes a query at a loss only when its last increment is there', () => {
    const { connection, receive, lose } = connected();
    const answers: readonly (readonly object[])[] = [
      [{ data: {}, hasNext: true }],
      [
        { data: {}, hasNext: true },
        { incremental: [], hasNext: false },
      ],
      // a field of that name in the data, or in what is no result
      [{ data: { hasNext: true } }],
      [[{ hasNext: true }]],
      [{ hasNext: 'true' }],
    ];
    const queries = answers.map(() => record(connection.execute('{ a }')));
    for (const [index, results] of answers.entries())
      for (const result of results) receive(current.next(String(index + 1), result));
    lose(lost);
    const [first, ...others] = queries;
    expect(first?.error).to.equal(lost);
    for (const { log } of others) expect(log.at(-1)).to.deep.equal([0, 'complete']);
  });

  test('errors when the connection is lost, and a mutation says that it may have run', () => {
    const { connection, receive, sent, lose } = connected();
    const texts = ['subscription { a }', '{ b }', 'mutation { c }', '{ d }', 'mutation { e }'];
    const [a, b, c, d, e] = texts.map((text) => record(connection.execute(text)));
    receive(current.next('4', one), current.next('5', one));
    lose(lost);
    expect(a?.error).to.equal(lost);
    expect(b?.error).to.equal(lost);
    const loss = { name: 'ConnectionLostError', operationId: '3', cause: lost };
    expect(c?.error).to.include(loss);
    for (const answered of [d, e]) expect(answered?.log.at(-1)).to.deep.equal([0, 'complete']);
    expect(sent()).to.have.length(5);
  });

  test('errors at a loss though it was answered, if its text does not say that one answer is all', () => {
    const { connection, receive, lose } = connected();
    const hash = { query: '', extensions: { persistedQuery: { sha256Hash: 'x' } } };
    const [unknown, live] = [hash, 'query @live { a }'].map((request) =>
      record(connection.execute(request)),
    );
    receive(current.next('1', one), current.next('2', one), current.next('2', one));
    lose(lost);
    expect(unknown?.error).to.include({ name: 'ConnectionLostError', operationId: '1' });
    expect(live?.error).to.equal(lost);
  });

  test('errors asynchronously once the connection is lost, and sends nothing', () => {
    const { connection, sent, lose } = connected();
    lose(lost);
    const late = record(connection.execute('subscription { a }'));
    expect(late.log).to.deep.equal([]);
    advance(0);
    expect(late.error).to.equal(lost);
    record(connection.execute('subscription { a }')).unsubscribe();
    advance(1);
    expect([sent(), timers()]).to.deep.equal([[], 0]);
  });

  test('is stopped with the others, in order, when the connection is left', () => {
    for (const wire of protocols) {
      const { connection, receive, sent, leave } = connected(wire);
      const [sub, query, mutation] = ['subscription { a }', '{ b }', 'mutation { c }'].map((text) =>
        record(connection.execute(text)),
      );
      receive(wire.next('2', one));
      leave();
      expect(sent().slice(3)).to.deep.equal([...['1', '2', '3'].map(wire.stop), ...wire.goodbye]);
      expect(sub?.error).to.include({ name: 'ConnectionClosedError', code: 1000 });
      expect(query?.log.at(-1)).to.deep.equal([0, 'complete']);
      expect(mutation?.error).to.include({ name: 'ConnectionLostError', operationId: '3' });
    }
  });

  test('lets a consumer subscribe, unsubscribe and lose the connection while it is told a result', () => {
    const { connection, receive, sent, lose } = connected();
    const log: string[] = [];
    const outer$ = new Observable<unknown>((subscriber) =>
      connection.execute('subscription { a }').subscribe((value) => {
        connection.execute('subscription { b }').subscribe({ error: () => log.push('lost') });
        subscriber.next(value);
        lose(lost);
        log.push('told');
      }),
    );
    const { values } = record(outer$.pipe(take(1)));
    receive(current.next('1', one));
    expect(values).to.have.length(1);
    expect(log).to.deep.equal(['lost', 'told']);
    expect(types(sent())).to.deep.equal(['subscribe', 'subscribe', 'complete']);
  });
});
