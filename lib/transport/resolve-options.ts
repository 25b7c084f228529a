import type { Observable, ObservableInput } from 'rxjs';
import {
  catchError,
  defer,
  forkJoin,
  from,
  isObservable,
  merge,
  NEVER,
  of,
  switchMap,
  take,
  throwIfEmpty,
  timeout,
} from 'rxjs';
import type { GraphQLSocketError } from '../errors.js';
import { ConnectionError, setErrorKind } from '../errors.js';
import { deadline, throwLater } from '../rx/streams.js';
import { isFunction } from '../validate.js';

/** Why a {@link Resolvable} is asked: `error` is what ended the attempt before, the cue to refresh a token rather than to read a cache. */
export interface AttemptContext {
  /** 0 = first dial, or one after `reconnect()`; n = nth retry in a row. */
  readonly attempt: number;
  readonly error: GraphQLSocketError | undefined;
}

export type Attempts = ReturnType<typeof createAttempts>;

/** How often an attempt has failed in a row, and over what. */
export function createAttempts() {
  const first: AttemptContext = { attempt: 0, error: undefined };
  let current = first;
  return {
    get current() {
      return current;
    },
    /** `attempt` is the number of the next one. @defaultValue one more */
    failed(error: GraphQLSocketError, attempt = current.attempt + 1) {
      current = { attempt, error };
    },
    /** The next attempt is the first again. */
    reset() {
      current = first;
    },
  };
}

/** A value, an Observable of it, or a function of the attempt. Asked afresh on every attempt; the first value counts; a failure is a failed attempt. */
export type Resolvable<T> =
  T | Observable<T> | ((context: AttemptContext) => T | ObservableInput<T>);

/** Whether another attempt may get another value. */
export function isResolvedAfresh(value: unknown): boolean {
  return isFunction(value) || isObservable(value);
}

/**
 * Asks for all values that a dial needs, together and once per subscription. `limit` in ms. The first value of each counts.
 * A value that throws, rejects, is empty or is late becomes a `ConnectionError`, asynchronously. The message does not hold
 * the text of the cause, because that may be a secret.
 */
export function resolveOptions<T extends object>(
  values: { readonly [K in keyof T]: Resolvable<T[K]> },
  context: AttemptContext,
  limit: number | false = 10_000,
): Observable<T> {
  const entries = Object.entries(values);
  // the usual case: forkJoin, timers and their subscriptions cost more than a dial
  if (!entries.some(([, value]) => isFunction(value) || toStream(value))) return of(values as T);
  const late$ = deadline(limit).pipe(switchMap(() => NEVER.pipe(timeout(0))));
  const resolved = entries.map(([option, value]) => {
    const message = `could not connect: \`${option}\` did not give a value`;
    const failed = (cause: unknown) =>
      throwLater(setErrorKind(new ConnectionError(message, { cause }), 'misconfiguration'));
    return [option, merge(resolve(value, context), late$).pipe(take(1), catchError(failed))];
  });
  return forkJoin(Object.fromEntries(resolved)) as Observable<T>;
}

function resolve(value: unknown, context: AttemptContext): Observable<unknown> {
  return defer(() => {
    const given: unknown = isFunction(value) ? value(context) : value;
    return toStream(given) ?? of(given);
  }).pipe(throwIfEmpty());
}

/** Undefined for a value. Strings, arrays and other objects with a length are values, never iterated. */
function toStream(given: unknown): Observable<unknown> | undefined {
  if (Object(given) !== given || 'length' in (given as object)) return undefined;
  try {
    return from(given as Observable<unknown>);
  } catch {
    return undefined;
  }
}
