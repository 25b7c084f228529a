import { expect } from 'chai';
import { describe, it } from 'mocha';
import {
  defer,
  EMPTY,
  firstValueFrom,
  from,
  map,
  NEVER,
  of,
  retry,
  throwError,
  timer,
  type Observable,
} from 'rxjs';
import type { Connection } from '../../lib/connection/connection.js';
import { reconnect, type RetryOptions } from '../../lib/connection/reconnect/reconnect.js';
import { ConnectionClosedError } from '../../lib/errors.js';
import type { ServerMessage } from '../../lib/protocol/codec.js';
import { exponentialBackoff } from '../../lib/connection/reconnect/backoff.js';
import { fakeConnection, payload } from '../helpers/fake-connection.js';
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

const result: ServerMessage = { type: 'next', id: '1', payload: payload({ data: 1 }) };

/** The waits of the stage, attempt by attempt. */
function waits(source$: Observable<Connection>, options: RetryOptions = {}) {
  const attempts: number[] = [];
  const delay = (_error: unknown, attempt: number) => {
    attempts.push(attempt);
    return 1;
  };
  return { attempts, connection$: source$.pipe(reconnect({ ...options, delay })) };
}

describe('attempts', () => {
  test('counts its attempts from 1, and starts over for each subscriber', () => {
    const { attempts, connection$ } = waits(cold<Connection>('-#', undefined, lost), { count: 3 });
    const first = record(connection$);
    advance(5_000);
    expect(first.error).to.equal(lost);
    const second = record(connection$);
    advance(5_000);
    expect(second.error).to.equal(lost);
    expect(attempts).to.deep.equal([1, 2, 3, 1, 2, 3]);
  });
});

describe('resetAfter', () => {
  const losing =
    (marbles: string, expected: readonly number[], told$: Observable<ServerMessage> = NEVER) =>
    () => {
      const source$ = cold(marbles, { c: fakeConnection(told$) }, lost);
      const { attempts, connection$ } = waits(source$, { resetAfter: 20 });
      record(connection$);
      // the fourth dial is a second later than the first
      advance(1_098);
      expect(attempts).to.deep.equal(expected);
    };

  test(
    'begins the count anew once a connection was stable for so long',
    losing('c 20ms #', [1, 1, 1, 1]),
  );
  test('counts on after an ack alone', losing('c 18ms #', [1, 2, 3, 4]));
  test(
    'begins anew at the first result',
    losing('c 18ms #', [1, 1, 1, 1], timer(5).pipe(map(() => result))),
  );

  test('is 5 s by default, and other messages than results do not shorten it', () => {
    const talk$ = from<ServerMessage[]>([{ type: 'ping' }, { type: 'error', id: '1', errors: [] }]);
    const c = fakeConnection(talk$);
    for (const [marbles, expected] of [
      ['c 4998ms #', [1, 2, 3]],
      ['c 5000ms #', [1, 1, 1]],
    ] as const) {
      const { attempts, connection$ } = waits(cold(marbles, { c }, lost));
      record(connection$);
      advance(15_010);
      expect(attempts.slice(0, 3)).to.deep.equal(expected);
    }
  });

  test('sets no timer beyond the connection', () => {
    const source$ = cold('c-#', { c: fakeConnection() }, lost);
    const retried = record(source$.pipe(reconnect({ count: 0, resetAfter: 1_000 })));
    advance(3);
    expect(retried.error).to.equal(lost);
    expect(timers()).to.equal(0);
  });

  test('counts from the connection even where its messages have ended', () => {
    const c = fakeConnection(EMPTY);
    const { attempts, connection$ } = waits(cold('c 30ms #', { c }, lost), { resetAfter: 20 });
    const retried = record(connection$);
    advance(70);
    expect(attempts).to.deep.equal([1, 1]);
    retried.unsubscribe();
    expect(timers()).to.equal(0);
  });
});

const misconfigured = { name: 'ConfigurationError', option: 'retry.delay' };

const throwing = (): never => {
  throw new Error('mine');
};

/** When the second dial follows on a first one that fails at 1 ms; or what it fails with. */
const secondDial =
  (delay: RetryOptions['delay'], retried: string, error: object = lost) =>
  () => {
    const source$ = cold<Connection>('-#', undefined, lost);
    const at = retried.indexOf('^');
    const subs = at < 0 ? ['^!'] : ['^!', `${retried.slice(0, at)}^!`];
    const end = at < 0 ? retried : `${'-'.repeat(at + 1)}#`;
    const retried$: Observable<unknown> = source$.pipe(reconnect({ delay, count: 1 }));
    expectObservable(retried$, '^ 30ms !').toBe(end, undefined, error);
    expectSubscriptions(source$.subscriptions).toBe(subs);
  };

describe('retry.delay', () => {
  const rows: Readonly<Record<string, readonly [delay: RetryOptions['delay'], retried: string]>> = {
    'is a number of ms': [4, '-----^'],
    'is a function that returns one': [() => 4, '-----^'],
    'is a function that returns an Observable': [() => timer(4), '-----^'],
    'takes the first value for the cue': [() => timer(4, 1), '-----^'],
    'may be there at once': [() => of(0), '-^'],
    'is clamped from below': [() => -5, '-^'],
    'waits on for an Observable that never emits': [() => NEVER, '-'],
    'gives up when the Observable is empty': [() => EMPTY, '-#'],
  };
  for (const [what, [delay, retried]] of Object.entries(rows))
    test(what, secondDial(delay, retried));

  const bad: Readonly<Record<string, unknown>> = {
    'gives NaN': () => NaN,
    'is NaN': NaN,
    throws: throwing,
    'gives an Observable that errors': () => throwError(throwing),
    'gives nothing': () => undefined,
    'gives null': () => null,
    'gives an object': () => ({}),
  };
  for (const [what, delay] of Object.entries(bad))
    test(`fails when it ${what}`, secondDial(delay as never, '-#', misconfigured));

  test('is clamped from above to what timers can do', () => {
    const source$ = cold<Connection>('#', undefined, lost);
    const retried = record(source$.pipe(reconnect({ delay: () => Infinity })));
    advance(2 ** 31 - 2);
    expect(source$.subscriptions).to.have.length(1);
    advance(1);
    expect(source$.subscriptions).to.have.length(2);
    retried.unsubscribe();
    expect(timers()).to.equal(0);
  });

  test('is asked with the error and the attempt', () => {
    const asked: unknown[][] = [];
    const delay = (...given: unknown[]) => asked.push(given);
    record(cold<Connection>('#', undefined, lost).pipe(reconnect({ delay })));
    advance(4);
    expect(asked.slice(0, 3)).to.deep.equal([
      [lost, 1],
      [lost, 2],
      [lost, 3],
    ]);
  });

  test('lets go of its Observable once it has emitted, and when nobody waits any more', () => {
    const delay$ = cold('--d--d', { d: 1 });
    const delaySubs = ['-^-!', '    ----^!'];
    const source$ = cold<Connection>('-#', undefined, lost);
    expectObservable(source$.pipe(reconnect({ delay: () => delay$ })), '^----!').toBe('-');
    expectSubscriptions(delay$.subscriptions).toBe(delaySubs);
  });

  it('may be a promise', async () => {
    let dials = 0;
    const source$ = defer(() => {
      dials += 1;
      return throwError(() => lost);
    });
    const failed = firstValueFrom(
      source$.pipe(reconnect({ delay: () => Promise.resolve(), count: 3 })),
    ).catch((error: unknown) => error);
    expect(await failed).to.equal(lost);
    expect(dials).to.equal(4);
  });

  it('may be a promise that rejects: the error names the option, and has the cause', async () => {
    const cause = new Error('mine');
    const delay = () => Promise.reject(cause);
    const failed = firstValueFrom(throwError(() => lost).pipe(reconnect({ delay })));
    const error: unknown = await failed.catch((thrown: unknown) => thrown);
    expect(error).to.include({ ...misconfigured, cause });
  });
});

const attempts = [1, 2, 3, 4, 5, 6, 7, 100, 2000];
const bounds = [500, 1_000, 2_000, 4_000, 8_000, 16_000, 20_000, 20_000, 20_000];

describe('exponentialBackoff', () => {
  it('doubles its bound from 500 ms up to 20 s', () => {
    const wait = exponentialBackoff({ jitter: 'none' });
    expect(attempts.map((attempt) => wait(undefined, attempt))).to.deep.equal(bounds);
  });

  it('waits a random part of the bound by default', () => {
    const half = exponentialBackoff({ random: () => 0.5 });
    expect(attempts.map((attempt) => half(undefined, attempt))).to.deep.equal(
      bounds.map((bound) => bound / 2),
    );
  });

  it('draws from Math.random anew each time, within the bound', () => {
    const wait = exponentialBackoff();
    const waits = Array.from({ length: 200 }, () => wait(undefined, 1));
    expect(Math.min(...waits)).to.be.within(0, 100);
    expect(Math.max(...waits)).to.be.within(400, 500);
    expect(new Set(waits).size).to.be.greaterThan(100);
  });

  it('takes its first bound and its largest', () => {
    const wait = exponentialBackoff({ initial: 10, max: 35, jitter: 'none' });
    expect([1, 2, 3, 4].map((attempt) => wait(undefined, attempt))).to.deep.equal([10, 20, 35, 35]);
  });

  it('takes undefined options for absent ones', () => {
    const options = { initial: undefined, max: undefined, jitter: undefined, random: undefined };
    expect(exponentialBackoff(options)(undefined, 1)).to.be.within(0, 500);
  });

  test("fits rxjs' own retry", () => {
    const wait = exponentialBackoff({ initial: 10, jitter: 'none' });
    let dials = 0;
    const source$ = defer(() => {
      dials += 1;
      return throwError(() => new Error(`dial ${String(dials)}`));
    });
    const retried$ = source$.pipe(
      retry({ count: 2, delay: (error, attempt) => timer(wait(error, attempt)) }),
    );
    expectObservable(retried$).toBe('10ms 20ms #', undefined, { name: 'Error' });
  });

  it('is a number for ever', () => {
    const backoff = exponentialBackoff({ initial: 0, jitter: 'none' });
    expect(backoff(undefined, 5_000)).to.equal(0);
    expect(exponentialBackoff({ jitter: 'none' })(undefined, 5_000)).to.equal(20_000);
  });
});
