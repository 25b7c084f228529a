import { expect } from 'chai';
import { describe } from 'mocha';
import type { Observable } from 'rxjs';
import { map, NEVER } from 'rxjs';
import type { Connection } from '../../lib/connection/connection.js';
import { ConnectionClosedError } from '../../lib/errors.js';
import { execute } from '../../lib/operation/execute.js';
import type { Payload } from '../../lib/types.js';
import { fakeConnection, payload } from '../helpers/fake-connection.js';
import { cold, expectObservable, expectSubscriptions, record, test } from '../helpers/test.js';

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
});
