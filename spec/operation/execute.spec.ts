import { expect } from 'chai';
import { describe, it } from 'mocha';
import { concat, map, NEVER, Observable, of, Subject } from 'rxjs';
import type { Connection } from '../../lib/connection/connection.js';
import { ConnectionClosedError } from '../../lib/errors.js';
import type { OperationOptions } from '../../lib/operation/execute.js';
import { execute } from '../../lib/operation/execute.js';
import type { GraphQLRequest, Payload } from '../../lib/types.js';
import { connected } from '../helpers/connected.js';
import { fakeConnection, payload } from '../helpers/fake-connection.js';
import {
  advance,
  cold,
  expectObservable,
  expectSubscriptions,
  record,
  test,
} from '../helpers/test.js';
import { current } from '../helpers/wire.js';

const subscription = 'subscription { a }';
const lost = new ConnectionClosedError(1006, '', false);
const data = map((result: Payload) => result.decode().data);
const values = (...names: string[]) =>
  Object.fromEntries(names.map((name) => [name, payload({ data: name })]));

/** A connection whose operations emit this. */
const answering = (payload$: Observable<Payload>) => fakeConnection(NEVER, { payload$ });

describe('execute', () => {
  test('runs the operation on a connection, from its first result to its last', () => {
    const operation$ = cold('  -x-y-|', values('x', 'y'));
    const operationSubs = '    --^----!';
    const connection$ = cold(' --c----', { c: answering(operation$) });
    const connectionSubs = '   ^------!';
    const results = '          ---x-y-|';
    expectObservable(connection$.pipe(execute(subscription), data)).toBe(results);
    expectSubscriptions(operation$.subscriptions).toBe(operationSubs);
    expectSubscriptions(connection$.subscriptions).toBe(connectionSubs);
  });

  test('waits for a connection, and lets go of the source when it is unsubscribed', () => {
    const connection$ = cold<Connection>('------');
    expectObservable(connection$.pipe(execute(subscription)), '^---!').toBe('-');
    expectSubscriptions(connection$.subscriptions).toBe('^---!');
  });

  test('passes on the error that ends the connections', () => {
    const operation$ = cold<Payload>('  -x', values('x'));
    const operationSubs = '             -^--!';
    const connection$ = cold('          -c--#', { c: answering(operation$) }, 'fatal');
    const results = '                   --x-#';
    expectObservable(connection$.pipe(execute(subscription), data)).toBe(
      results,
      undefined,
      'fatal',
    );
    expectSubscriptions(operation$.subscriptions).toBe(operationSubs);
  });

  test('ends the operation alone when it fails', () => {
    const operation$ = cold<Payload>('-#', undefined, new Error('mine'));
    const connection$ = cold('        c----', { c: answering(operation$) });
    expectObservable(connection$.pipe(execute(subscription))).toBe('-#', undefined, {
      name: 'Error',
    });
    expectSubscriptions(connection$.subscriptions).toBe('^!');
  });

  test('shows nothing of a loss: it is sent again on the connection that follows', () => {
    const first$ = cold('      -x-#', values('x'), lost);
    const second$ = cold('     -y-|', values('y'));
    const firstSubs = '        -^--!';
    const secondSubs = '       ------^--!';
    const c = { f: answering(first$), s: answering(second$) };
    const connection$ = cold(' -f----s---', c);
    const results = '          --x----y-|';
    expectObservable(connection$.pipe(execute(subscription), data)).toBe(results);
    expectSubscriptions(first$.subscriptions).toBe(firstSubs);
    expectSubscriptions(second$.subscriptions).toBe(secondSubs);
  });

  test('leaves the connection before when another one comes', () => {
    const first$ = cold('      x-x-x-x', values('x'));
    const second$ = cold('     y-y', values('y'));
    const c = { f: answering(first$), s: answering(second$) };
    const connection$ = cold(' f--s', c);
    const unsubscribe = '      ^-----!';
    const results = '          x-xy-y';
    expectObservable(connection$.pipe(execute(subscription), data), unsubscribe).toBe(results);
    expectSubscriptions(first$.subscriptions).toBe('^--!');
    expectSubscriptions(second$.subscriptions).toBe('---^--!');
  });

  test('goes on when the source has ended, and takes a loss for an error from then on', () => {
    const operation$ = cold('  -x-#', values('x'), lost);
    const connection$ = cold(' (c|)', { c: answering(operation$) });
    const results = '          -x-#';
    expectObservable(connection$.pipe(execute(subscription), data)).toBe(results, undefined, lost);
  });

  test('ends with the source while nothing is under way: a subscription completes, others do not', () => {
    const none$ = cold<Connection>('--|');
    expectObservable(none$.pipe(execute(subscription))).toBe('--|');
    for (const text of ['{ a }', 'mutation { a }', ''])
      expectObservable(none$.pipe(execute({ query: text, extensions: {} }))).toBe(
        '--#',
        undefined,
        { name: 'SocketDisposedError' },
      );
  });

  test('errors asynchronously for a request that is none, and never subscribes to the source', () => {
    const connection$ = cold<Connection>('--');
    const bad = [{ query: 1 }, { query: '{ a }', varibles: {} }, null, 7, { query: '' }];
    for (const request of bad as never[]) {
      const operation$ = connection$.pipe(execute(request));
      expectObservable(operation$).toBe('#', undefined, { name: 'ConfigurationError' });
      expect(record(operation$).log).to.deep.equal([]);
    }
    expectSubscriptions(connection$.subscriptions).toBe([]);
  });

  test('sends nothing on a connection that is lost already', () => {
    const { connection, sent, lose } = connected();
    lose(lost);
    const operation = record(concat(of(connection), NEVER).pipe(execute(subscription)));
    expect([operation.log, sent()]).to.deep.equal([[], []]);
  });

  test('errors with the loss where that was the last connection', () => {
    const { connection, lose } = connected();
    lose(lost);
    const operation = record(of(connection).pipe(execute(subscription)));
    advance(0);
    expect(operation.error).to.equal(lost);
  });

  test('tells the server when it is unsubscribed, before it lets the connection go', () => {
    const { connection, sent } = connected();
    const source$ = new Subject<Connection>();
    const operation = record(source$.pipe(execute(subscription)));
    source$.next(connection);
    operation.unsubscribe();
    expect(sent().at(-1)).to.deep.equal(current.stop('1'));
    expect(source$.observed).to.equal(false);
  });

  it('leaves the operation before it lets the connection go', () => {
    const log: string[] = [];
    const logging = (name: string) => new Observable<never>(() => () => log.push(name));
    const connection$ = concat(
      of(fakeConnection(NEVER, { payload$: logging('operation') })),
      logging('connection'),
    );
    connection$.pipe(execute(subscription)).subscribe().unsubscribe();
    expect(log).to.deep.equal(['operation', 'connection']);
  });

  test('sends what was given when it was subscribed, whatever the caller does to it later', () => {
    const request = { query: 'subscription { a }', variables: { n: 1 }, operationName: 'A' };
    const connection$ = new Subject<Connection>();
    const { connection, sent } = connected();
    record(connection$.pipe(execute(request)));
    Object.assign(request, { query: 'mutation { b }', operationName: 'B', variables: { n: 2 } });
    connection$.next(connection);
    const payload = { query: 'subscription { a }', variables: { n: 1 }, operationName: 'A' };
    expect(sent()).to.deep.equal([current.subscribe('1', payload)]);
  });
});

describe('after a loss, execute', () => {
  const persisted = { query: '', extensions: { persistedQuery: { version: 1 } } };
  const two = 'query Q { a } mutation M { b }';
  const answer = { data: { a: 1 } };
  type Row = [what: string, GraphQLRequest, OperationOptions?, answer?: object];

  /** Runs an operation on one connection, loses it, and goes on with another. */
  function overALoss(request: GraphQLRequest, options: OperationOptions = {}, answer?: object) {
    const [first, second] = [connected(), connected()];
    const connection$ = new Subject<Connection>();
    const operation = record(connection$.pipe(execute(request, options)));
    connection$.next(first.connection);
    if (answer) first.receive(current.next('1', answer));
    first.lose(lost);
    connection$.next(second.connection);
    advance(0);
    return { operation, first: first.sent(), second: second.sent() };
  }

  const again: Row[] = [
    ['a subscription', { query: subscription }],
    ['a subscription that has had results', { query: subscription }, {}, answer],
    ['a query', { query: '{ a }' }],
    ['a query with a name', { query: 'query Q { a }' }],
    ['the query that is named, beside a mutation', { query: two, operationName: 'Q' }],
    ['a mutation with `resend`', { query: 'mutation { a }' }, { resend: true }],
  ];
  for (const [what, request, options, answer] of again)
    test(`sends ${what} again`, () => {
      const { operation, first, second } = overALoss(request, options, answer);
      expect(operation.values).to.have.length(answer ? 1 : 0);
      expect(operation.error).to.equal(undefined);
      const sent = [current.subscribe('1', request)];
      expect([first, second]).to.deep.equal([sent, sent]);
    });

  const once: Row[] = [
    ['a mutation', { query: 'mutation { a }' }],
    ['a mutation behind a fragment', { query: 'fragment F on T { a } mutation M { ...F }' }],
    ['a mutation behind a comment', { query: '# query\nmutation { a }' }],
    ['the mutation that is named, beside a query', { query: two, operationName: 'M' }],
    ['a document that does not tell what it is', persisted],
    ['a subscription without `resend`', { query: subscription }, { resend: false }],
    ['a query without `resend`', { query: '{ a }' }, { resend: false }],
  ];
  for (const [what, request, options] of once)
    test(`does not send ${what} again, because it may have run`, () => {
      const { operation, second } = overALoss(request, options);
      expect(operation.error).to.include({ name: 'ConnectionLostError', operationId: '1' });
      expect(operation.error.cause).to.equal(lost);
      expect(second).to.deep.equal([]);
    });

  for (const query of ['{ a }', 'mutation { a }'])
    test(`completes \`${query}\`, if it has been answered`, () => {
      const { operation, second } = overALoss({ query }, {}, answer);
      expect(operation.log.at(-1)).to.deep.equal([0, 'complete']);
      expect(second).to.deep.equal([]);
    });

  test('asks variables and extensions afresh for each send', () => {
    let asked = 0;
    const { first, second } = overALoss({
      query: subscription,
      variables: () => ({ n: (asked += 1) }),
      extensions: () => ({ e: (asked += 1) }),
    });
    const sent = (n: number) => {
      const payload = { query: subscription, variables: { n }, extensions: { e: n + 1 } };
      return [current.subscribe('1', payload)];
    };
    expect([first, second]).to.deep.equal([sent(1), sent(3)]);
  });

  test('errors when the second send fails', () => {
    let asked = 0;
    const variables = () => {
      asked += 1;
      if (asked > 1) throw new Error('mine');
      return {};
    };
    const { operation } = overALoss({ query: subscription, variables });
    expect(operation.error).to.include({ name: 'ConfigurationError', option: 'variables' });
  });
});
