import { expect } from 'chai';
import { describe } from 'mocha';
import {
  BehaviorSubject,
  concat,
  map,
  NEVER,
  Observable,
  of,
  Subject,
  switchMap,
  take,
} from 'rxjs';
import type { Connection } from '../../lib/connection/connection.js';
import { shareConnection } from '../../lib/connection/share-connection.js';
import { connected } from '../helpers/connected.js';
import { fakeConnection } from '../helpers/fake-connection.js';
import {
  advance,
  cold,
  expectObservable,
  expectSubscriptions,
  flush,
  hot,
  now,
  record,
  test,
  timers,
} from '../helpers/test.js';

const name = map(({ ackPayload }: Connection) => ackPayload);
const a = fakeConnection(NEVER, { ackPayload: 'a' });
const b = fakeConnection(NEVER, { ackPayload: 'b' });

describe('shareConnection', () => {
  test('dials once for all, and hands a late subscriber the connection that there is', () => {
    const source$ = cold('--a---b----', { a, b });
    const sourceSubs = '  ^-------!';
    const shared$ = source$.pipe(shareConnection(), name);
    const first = '       --a---b';
    const firstSub = '    ^-------!';
    const late = '        ----a-b';
    const lateSub = '     ----^---!';
    expectObservable(shared$, firstSub).toBe(first);
    expectObservable(shared$, lateSub).toBe(late);
    expectSubscriptions(source$.subscriptions).toBe(sourceSubs);
  });

  test('waits with a source that never emits, and passes on the end and the error to all', () => {
    const never$ = cold<Connection>('-');
    expectObservable(never$.pipe(shareConnection()), '^--!').toBe('-');
    expectSubscriptions(never$.subscriptions).toBe('^--!');
    for (const end of ['--|', '--#']) {
      const source$ = cold<Connection>(end, undefined, 'lost');
      const shared$ = source$.pipe(shareConnection());
      expectObservable(shared$).toBe(end, undefined, 'lost');
      expectObservable(shared$, '-^').toBe(end, undefined, 'lost');
      expectSubscriptions(source$.subscriptions).toBe('^-!');
    }
  });

  test('starts over for those who come after an error, or after the end', () => {
    for (const end of ['#', '|']) {
      const source$ = cold(`a-${end}`, { a }, 'lost');
      const shared$ = source$.pipe(shareConnection(), name);
      expectObservable(shared$).toBe(`a-${end}`, undefined, 'lost');
      expectObservable(shared$, '-----^').toBe(`-----a-${end}`, undefined, 'lost');
      expectSubscriptions(source$.subscriptions).toBe(['^-!', '-----^-!']);
    }
  });

  test('keeps the connection while one operation follows another', () => {
    const source$ = cold('   -a', { a });
    const sourceSubs = '     ^-------!';
    const shared$ = source$.pipe(shareConnection(), name);
    const operation$ = hot(' x--x--x--', undefined).pipe(switchMap(() => shared$));
    const unsubscribe = '    ^-------!';
    expectObservable(operation$, unsubscribe).toBe('-a-a--a');
    expectSubscriptions(source$.subscriptions).toBe(sourceSubs);
  });

  test('keeps the connection until the moment is over, with linger 0', () => {
    const connection$ = new BehaviorSubject<Connection>(a);
    const shared$ = connection$.pipe(shareConnection());
    record(shared$).unsubscribe();
    expect(connection$.observed).to.equal(true);
    record(shared$).unsubscribe();
    expect(connection$.observed).to.equal(true);
    advance(0);
    expect(connection$.observed).to.equal(false);
    expect(timers()).to.equal(0);
  });

  test('lingers, hands the connection on within that time, and dials anew later', () => {
    const source$ = cold('a', { a });
    const sourceSubs = ['^-----------!', '--------------^------!'];
    const shared$ = source$.pipe(shareConnection({ linger: 5 }), name);
    expectObservable(shared$, '^-!').toBe('a');
    expectObservable(shared$, '------^!').toBe('------a');
    expectObservable(shared$, '--------------^-!').toBe('--------------a');
    expectSubscriptions(source$.subscriptions).toBe(sourceSubs);
  });

  test('does not linger while nothing is connected', () => {
    const source$ = cold('----a', { a });
    const sourceSubs = '  ^-!';
    expectObservable(source$.pipe(shareConnection({ linger: 50 })), '^-!').toBe('-');
    expectSubscriptions(source$.subscriptions).toBe(sourceSubs);
    flush();
    expect(now()).to.equal(2);
  });

  test('does not replace a connection that is lost while it lingers', () => {
    const lingering = fakeConnection(hot('-----|'));
    const source$ = cold('c', { c: lingering });
    record(source$.pipe(shareConnection({ linger: 50 }), take(1)));
    advance(4);
    expect(source$.subscriptions[0]?.unsubscribedFrame).to.equal(Infinity);
    advance(1);
    expect(source$.subscriptions[0]?.unsubscribedFrame).to.equal(5);
    expect(timers()).to.equal(0);
  });

  test('does not hand out a connection that is lost, but waits for the next one', () => {
    const [first, second] = [connected(), connected()];
    const next$ = new Subject<Connection>();
    const source$ = concat(of(first.connection), next$);
    const shared$ = source$.pipe(shareConnection({ linger: 50 }));
    const holder = record(shared$);
    first.lose(new Error('lost'));
    const late = record(shared$);
    expect(late.values).to.deep.equal([]);
    next$.next(second.connection);
    expect(holder.values).to.deep.equal([first.connection, second.connection]);
    expect(late.values).to.deep.equal([second.connection]);
    holder.unsubscribe();
    late.unsubscribe();
    advance(50);
    expect(next$.observed).to.equal(false);
  });

  test('does not linger while it waits for the next one', () => {
    const { connection, lose } = connected();
    let torn = 0;
    const source$ = new Observable<Connection>((subscriber) => {
      subscriber.next(connection);
      return () => (torn += 1);
    });
    const holder = record(source$.pipe(shareConnection({ linger: 50 })));
    lose(new Error('lost'));
    holder.unsubscribe();
    expect(torn).to.equal(0);
    advance(0);
    expect(torn).to.equal(1);
    advance(1);
    expect(timers()).to.equal(0);
  });
});
