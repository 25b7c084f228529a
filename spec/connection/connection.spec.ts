import { expect } from 'chai';
import { describe, it } from 'mocha';
import { defer, map, Observable, of, Subject, take } from 'rxjs';
import { adaptConnection } from '../../lib/connection/connection.js';
import { handshake } from '../../lib/connection/handshake.js';
import { ConnectionClosedError } from '../../lib/errors.js';
import type { ServerMessage } from '../../lib/protocol/codec.js';
import type { Payload } from '../../lib/types.js';
import { connected } from '../helpers/connected.js';
import { fakeConnection, payload } from '../helpers/fake-connection.js';
import { opened } from '../helpers/opened.js';
import { advance, cold, expectObservable, hot, record, test, timers } from '../helpers/test.js';
import { complete, current, failure, legacy, protocols } from '../helpers/wire.js';

const lost = new ConnectionClosedError(1001, '', true);

describe('Connection', () => {
  it('knows its subprotocol and the payload of the ack', () => {
    for (const wire of protocols) {
      const { connection } = connected(wire);
      expect(connection.subprotocol).to.equal(wire.subprotocol);
      expect(connection.ackPayload).to.deep.equal({ user: 1 });
    }
  });

  test('emits every message after the ack, hot, and completes when it is lost', () => {
    const frames = {
      a: '{"type":"connection_ack"}',
      n: '{"type":"next","id":"7","payload":{"data":1}}',
      e: '{"type":"error","id":"7","payload":[]}',
      c: '{"type":"complete","id":"7"}',
      p: '{"type":"ping"}',
      u: '{"type":"news"}',
    };
    const types = { n: 'next', e: 'error', c: 'complete', p: 'ping', u: 'unknown', a: 'ack' };
    const frames$ = hot('-aanecpu-#', frames, lost);
    const messages = '   --anecpu-|';
    const late = '       -----cpu-|';
    const messages$ = new Subject<{ type: string }>();
    const type$ = messages$.pipe(map(({ type }) => type));
    cold('s', { s: opened(frames$) })
      .pipe(handshake())
      .subscribe({ next: (c) => c.messages$.subscribe(messages$), error: () => undefined });
    expectObservable(type$).toBe(messages, types);
    expectObservable(type$, '-----^').toBe(late, types);
  });

  it('completes its messages when it is left', () => {
    const { connection, leave } = connected();
    let completed = false;
    connection.messages$.subscribe({ complete: () => (completed = true) });
    leave();
    expect(completed).to.equal(true);
  });

  it('sends what it is told to in its own dialect, and what that does not have not at all', () => {
    for (const wire of protocols) {
      const { connection, sent } = connected(wire);
      const payload = { query: '{ a }', variables: {} };
      connection.send({ type: 'subscribe', id: 'x', payload });
      connection.send({ type: 'complete', id: 'x' });
      expect(sent()).to.deep.equal([wire.subscribe('x', payload), wire.stop('x')]);
      connection.send({ type: 'ping', payload: 1 });
      if (wire === current) connection.send({ type: 'terminate' });
      else connection.send({ type: 'pong' });
      const further = wire === current ? [{ type: 'ping', payload: 1 }] : [];
      expect(sent().slice(2)).to.deep.equal(further);
    }
  });

  it('sends nothing once it is lost, or left', () => {
    for (const end of ['lose', 'leave'] as const) {
      const peer = connected(legacy);
      peer[end](lost);
      const before = peer.sent();
      peer.connection.send({ type: 'complete', id: '1' });
      expect(peer.sent()).to.deep.equal(before);
    }
  });
});

describe('LiveConnection', () => {
  for (const end of ['lose', 'leave'] as const)
    it(`says once that it is lost, and at once to a late listener: ${end}`, () => {
      const peer = connected();
      const connection = adaptConnection(peer.connection);
      const told: string[] = [];
      const listen = (name: string) =>
        connection.lost$.subscribe({
          next: () => told.push(name),
          error: expect.fail,
          complete: () => told.push(`${name}|`),
        });
      listen('early');
      expect([told, connection.lost]).to.deep.equal([[], false]);
      peer[end](lost);
      expect([told, connection.lost]).to.deep.equal([['early', 'early|'], true]);
      listen('late');
      expect(told.slice(2)).to.deep.equal(['late', 'late|']);
    });

  it('says that it is lost before its messages complete, and before its operations are told', () => {
    const { connection, lose } = connected();
    const told: string[] = [];
    const tell = (what: string) => () => told.push(what);
    connection.execute('{ a }').subscribe({ error: tell('operation') });
    connection.messages$.subscribe({ complete: tell('messages'), error: expect.fail });
    adaptConnection(connection).lost$.subscribe({ next: tell('lost'), error: expect.fail });
    lose(lost);
    expect(told).to.deep.equal(['lost', 'operation', 'messages']);
  });
});

describe('adaptConnection', () => {
  it('leaves a connection of ours as it is', () => {
    const { connection } = connected();
    expect(adaptConnection(connection)).to.equal(connection);
  });

  for (const end of ['complete', 'error'] as const)
    it(`takes a connection of anybody's for alive until its messages end: ${end}`, () => {
      const messages$ = new Subject<ServerMessage>();
      const connection = adaptConnection(fakeConnection(messages$));
      const told: string[] = [];
      connection.lost$.subscribe({
        next: () => told.push('lost'),
        error: expect.fail,
        complete: () => told.push('complete'),
      });
      messages$.next({ type: 'pong' });
      expect([told, connection.lost]).to.deep.equal([[], false]);
      messages$[end]('over');
      expect([told, connection.lost]).to.deep.equal([['lost', 'complete'], true]);
    });

  it("listens once to the messages of anybody's, however many listen to it", () => {
    let subscribed = 0;
    const messages = new Subject<ServerMessage>();
    const connection = adaptConnection(
      fakeConnection(
        defer(() => {
          subscribed += 1;
          return messages;
        }),
      ),
    );
    const types: string[] = [];
    const listening = [connection.messages$, connection.ping$, connection.heartbeat$].map((each$) =>
      each$.subscribe({
        next: (message) => types.push((message as ServerMessage).type),
        error: expect.fail,
      }),
    );
    messages.next({ type: 'pong' });
    messages.next({ type: 'ping' });
    expect([subscribed, connection.received]).to.deep.equal([1, 2]);
    expect(types).to.deep.equal(['pong', 'ping', 'ping', 'ping']);
    for (const each of listening) each.unsubscribe();
    expect(messages.observed).to.equal(false);
  });

  it("pings on anybody's where the protocol has pings", () => {
    for (const { subprotocol } of protocols) {
      const foreign = fakeConnection(undefined, { subprotocol });
      adaptConnection(foreign).ping?.(10_000);
      const expected = subprotocol === current.subprotocol ? [{ type: 'ping' }] : [];
      expect(foreign.sent).to.deep.equal(expected);
    }
  });

  it('runs an operation by the connection that somebody else made', () => {
    const foreign = fakeConnection(undefined, { payload$: of(payload({ data: 1 })) });
    const results: unknown[] = [];
    adaptConnection(foreign)
      .execute('{ a }')
      .subscribe({ next: (each) => results.push(each.decode()), error: expect.fail });
    expect(results).to.deep.equal([{ data: 1 }]);
  });
});

const one = { data: 1 };
const texts = (payloads: readonly Payload[]) => payloads.map(({ text }) => text);

const types = (messages: readonly unknown[]) =>
  messages.map((message) => (message as { type: string }).type);

describe('Connection.execute', () => {
  const lost = new ConnectionClosedError(1006, '', false);

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
