import { expect } from 'chai';
import { describe, it } from 'mocha';
import type { Observable } from 'rxjs';
import { defer, EMPTY, from, map, NEVER, throwError, timer } from 'rxjs';
import type { Connection } from '../../lib/connection/connection.js';
import type { RetryOptions } from '../../lib/connection/reconnect.js';
import { reconnect } from '../../lib/connection/reconnect.js';
import { ConnectionClosedError } from '../../lib/errors.js';
import type { ServerMessage } from '../../lib/protocol/codec.js';
import { fakeConnection, payload } from '../helpers/fake-connection.js';
import { virtually } from '../helpers/virtually.js';

const lost = new ConnectionClosedError(1006, '', false);
const closed = 'ConnectionClosedError';
const name = map(({ ackPayload }: Connection) => ackPayload);
const a = fakeConnection(NEVER, { ackPayload: 'a' });
const result: ServerMessage = { type: 'next', id: '1', payload: payload({ data: 1 }) };

/** What the stage waits, attempt by attempt. */
function waits(source$: Observable<Connection>, options: RetryOptions = {}) {
  const attempts: number[] = [];
  const delay = (_error: unknown, attempt: number) => {
    attempts.push(attempt);
    return 1;
  };
  return { attempts, connection$: source$.pipe(reconnect({ ...options, delay })) };
}

describe('reconnect', () => {
  it(
    'passes connections on, and the end, and waits for a source that never emits',
    virtually(({ cold, expectObservable, expectSubscriptions }) => {
      const never$ = cold<Connection>('-');
      expectObservable(never$.pipe(reconnect()), '^---!').toBe('-');
      expectSubscriptions(never$.subscriptions).toBe('^---!');
      expectObservable(cold<Connection>('--|').pipe(reconnect())).toBe('--|');
      const source$ = cold('a-b---|', { a, b: fakeConnection(NEVER, { ackPayload: 'b' }) });
      expectObservable(source$.pipe(reconnect({ resetAfter: 2 }), name)).toBe('a-b---|');
      expectSubscriptions(source$.subscriptions).toBe('^-----!');
    }),
  );

  it(
    'dials again after each failure and each loss, `delay` ms later',
    virtually(({ cold, expectObservable, expectSubscriptions }) => {
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
    }),
  );

  it(
    'lets nothing through of an error until it is final',
    virtually(({ cold, expectObservable, expectSubscriptions }) => {
      const source$ = cold<Connection>('-#', undefined, lost);
      const subs = [
        '                   ^!',
        '                   --^!',
        '                   ----^!',
      ];
      const retried = '     -----#';
      const retried$ = source$.pipe(reconnect({ count: 2, delay: 1 }));
      expectObservable<unknown>(retried$).toBe(retried, undefined, closed);
      expectSubscriptions(source$.subscriptions).toBe(subs);
    }),
  );

  it(
    'does not dial again with count: 0',
    virtually(({ cold, expectObservable, expectSubscriptions }) => {
      const source$ = cold('a-#', { a }, lost);
      expectObservable(source$.pipe(reconnect({ count: 0 }), name)).toBe('a-#', undefined, closed);
      expectSubscriptions(source$.subscriptions).toBe('^-!');
    }),
  );

  it(
    'waits with full jitter by default, for ever',
    virtually(({ record, advance }) => {
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
    }),
  );

  it(
    'leaves no timer when it is unsubscribed while it waits, or while it is connected',
    virtually(({ cold, record, advance, timers }) => {
      const waiting = record(cold<Connection>('#', undefined, lost).pipe(reconnect({ delay: 50 })));
      const connected = record(cold('a', { a }).pipe(reconnect()));
      advance(10);
      expect(timers()).to.equal(2);
      waiting.unsubscribe();
      expect(timers()).to.equal(1);
      connected.unsubscribe();
      expect(timers()).to.equal(0);
    }),
  );

  it(
    'does not overflow the stack when dials fail at once',
    virtually(({ record, advance }) => {
      const failing$ = throwError(() => lost);
      const retried = record(failing$.pipe(reconnect({ count: 20_000, delay: 0 })));
      advance(1);
      expect(retried.error).to.equal(lost);
    }),
  );

  it(
    'counts its attempts from 1, and starts over for each subscriber',
    virtually(({ cold, record, advance }) => {
      const { attempts, connection$ } = waits(cold<Connection>('-#', undefined, lost), {
        count: 3,
      });
      const first = record(connection$);
      advance(100);
      expect(first.error).to.equal(lost);
      const second = record(connection$);
      advance(100);
      expect(second.error).to.equal(lost);
      expect(attempts).to.deep.equal([1, 2, 3, 1, 2, 3]);
    }),
  );
});

describe('resetAfter', () => {
  const losing = (
    marbles: string,
    expected: readonly number[],
    told$: Observable<ServerMessage> = NEVER,
  ) =>
    virtually(({ cold, record, advance }) => {
      const source$ = cold(marbles, { c: fakeConnection(told$) }, lost);
      const { attempts, connection$ } = waits(source$, { resetAfter: 20 });
      const retried = record(connection$);
      advance(98);
      retried.unsubscribe();
      expect(attempts).to.deep.equal(expected);
    });

  it(
    'begins the count anew once a connection was stable for so long',
    losing('c 20ms #', [1, 1, 1, 1]),
  );
  it('counts on after an ack alone', losing('c 18ms #', [1, 2, 3, 4]));
  it(
    'begins anew at the first result',
    losing('c 18ms #', [1, 1, 1, 1], timer(5).pipe(map(() => result))),
  );

  it(
    'is 5 s by default, and other messages than results do not shorten it',
    virtually(({ cold, record, advance }) => {
      const talk$ = from<ServerMessage[]>([
        { type: 'ping' },
        { type: 'error', id: '1', errors: [] },
      ]);
      const c = fakeConnection(talk$);
      for (const [marbles, expected] of [
        ['c 4998ms #', [1, 2, 3]],
        ['c 5000ms #', [1, 1, 1]],
      ] as const) {
        const { attempts, connection$ } = waits(cold(marbles, { c }, lost));
        const retried = record(connection$);
        advance(15_010);
        retried.unsubscribe();
        expect(attempts.slice(0, 3)).to.deep.equal(expected);
      }
    }),
  );

  it(
    'sets no timer beyond the connection',
    virtually(({ cold, record, advance, timers }) => {
      const source$ = cold('c-#', { c: a }, lost);
      const retried = record(source$.pipe(reconnect({ count: 0, resetAfter: 1_000 })));
      advance(3);
      expect(retried.error).to.equal(lost);
      expect(timers()).to.equal(0);
    }),
  );

  it(
    'counts from the connection even where its messages have ended',
    virtually(({ cold, record, advance, timers }) => {
      const c = fakeConnection(EMPTY);
      const { attempts, connection$ } = waits(cold('c 30ms #', { c }, lost), { resetAfter: 20 });
      const retried = record(connection$);
      advance(70);
      expect(attempts).to.deep.equal([1, 1]);
      retried.unsubscribe();
      expect(timers()).to.equal(0);
    }),
  );
});
