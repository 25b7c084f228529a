import { expect } from 'chai';
import { describe, it } from 'mocha';
import type { Observable } from 'rxjs';
import { defer, EMPTY, firstValueFrom, NEVER, of, throwError, timer } from 'rxjs';
import type { Connection } from '../../lib/connection/connection.js';
import type { RetryOptions } from '../../lib/connection/reconnect/reconnect.js';
import { reconnect } from '../../lib/connection/reconnect/reconnect.js';
import { ConnectionClosedError } from '../../lib/errors.js';
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
    const retried = record(cold<Connection>('#', undefined, lost).pipe(reconnect({ delay })));
    advance(4);
    expect(asked.slice(0, 3)).to.deep.equal([
      [lost, 1],
      [lost, 2],
      [lost, 3],
    ]);
    retried.unsubscribe();
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
