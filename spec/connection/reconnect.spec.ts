import { expect } from 'chai';
import { describe } from 'mocha';
import { defer, map, NEVER, throwError } from 'rxjs';
import type { Connection } from '../../lib/connection/connection.js';
import { reconnect } from '../../lib/connection/reconnect/reconnect.js';
import { ConnectionClosedError } from '../../lib/errors.js';
import { fakeConnection } from '../helpers/fake-connection.js';
import {
  advance,
  cold,
  expectObservable,
  expectSubscriptions,
  record,
  test,
  timers,
} from '../helpers/test.js';

const lost = new ConnectionClosedError(1006, '', false);
const name = map(({ ackPayload }: Connection) => ackPayload);
const a = fakeConnection(NEVER, { ackPayload: 'a' });

describe('reconnect', () => {
  test('passes connections on, and the end, and waits for a source that never emits', () => {
    const never$ = cold<Connection>('-');
    expectObservable(never$.pipe(reconnect()), '^---!').toBe('-');
    expectSubscriptions(never$.subscriptions).toBe('^---!');
    expectObservable(cold<Connection>('--|').pipe(reconnect())).toBe('--|');
    const source$ = cold('a-b---|', { a, b: fakeConnection(NEVER, { ackPayload: 'b' }) });
    expectObservable(source$.pipe(reconnect({ resetAfter: 2 }), name)).toBe('a-b---|');
    expectSubscriptions(source$.subscriptions).toBe('^-----!');
  });

  test('dials again after each failure and each loss, `delay` ms later', () => {
    const source$ = cold('--a-#', { a }, lost);
    const subs = [
      '                   ^---!',
      '                   ------^---!',
      '                   ------------^--!',
    ];
    const retried = '     --a-----a-----a';
    const unsubscribe = ' ---------------!';
    expectObservable(source$.pipe(reconnect({ delay: 2 }), name), unsubscribe).toBe(retried);
    expectSubscriptions(source$.subscriptions).toBe(subs);
  });

  test('lets nothing through of an error until it is final', () => {
    const source$ = cold<Connection>('-#', undefined, lost);
    const subs = ['                   ^!', '                   --^!', '                   ----^!'];
    const retried = '     -----#';
    const retried$ = source$.pipe(reconnect({ count: 2, delay: 1 }));
    expectObservable<unknown>(retried$).toBe(retried, undefined, lost);
    expectSubscriptions(source$.subscriptions).toBe(subs);
  });

  test('waits with full jitter by default, for ever', () => {
    let dials = 0;
    const failing$ = defer(() => {
      dials += 1;
      return throwError(() => lost);
    });
    const retried = record(failing$.pipe(reconnect()));
    advance(600_000);
    expect(retried.log).to.deep.equal([]);
    // ten minutes at 10 s on average, but for the first few
    expect(dials).to.be.within(30, 150);
    retried.unsubscribe();
  });

  test('leaves no timer when it is unsubscribed while it waits, or while it is connected', () => {
    const waiting = record(cold<Connection>('#', undefined, lost).pipe(reconnect({ delay: 50 })));
    const connected = record(cold('a', { a }).pipe(reconnect()));
    advance(10);
    expect(timers()).to.equal(2);
    waiting.unsubscribe();
    expect(timers()).to.equal(1);
    connected.unsubscribe();
    expect(timers()).to.equal(0);
  });

  test('does not overflow the stack when dials fail at once', () => {
    const failing$ = throwError(() => lost);
    const retried = record(failing$.pipe(reconnect({ count: 2_000, delay: 0 })));
    // three at once, then one a second
    advance(1_998_000);
    expect(retried.log).to.deep.equal([[1_998_000, 'error', 'ConnectionClosedError']]);
  });
});
