import type { Observable } from 'rxjs';
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
import { marked } from '../error-marks.js';
import { deadline } from '../deadline.js';
import { ConnectionError } from '../errors.js';
import type { AttemptContext, Resolvable } from '../types.js';
import { isFunction } from '../validate.js';
import { throwLater } from '../throw-later.js';

/**
 * All values that a dial needs, asked for together and once per subscription; `limit` in ms. The first value of each
 * counts. What throws, rejects, is empty or late becomes a `ConnectionError`, asynchronously; the cause's text may hold a
 * secret, and is not in the message.
 */
export function resolveAll<T extends object>(
  values: { readonly [K in keyof T]: Resolvable<T[K]> },
  context: AttemptContext,
  limit: number | false = 10_000,
): Observable<T> {
  const failed = (option: string) => (cause: unknown) =>
    throwLater(
      marked(
        new ConnectionError(`could not connect: \`${option}\` did not give a value`, { cause }),
        'misconfiguration',
      ),
    );
  const late$ =
    limit === false ? NEVER : deadline(limit).pipe(switchMap(() => NEVER.pipe(timeout(0))));
  const within = (value$: Observable<unknown>) => merge(value$, late$).pipe(take(1));
  const entries = Object.entries(values).map(([option, value]) => [
    option,
    resolve(value, context).pipe(within, catchError(failed(option))),
  ]);
  return forkJoin(Object.fromEntries(entries)) as Observable<T>;
}

function resolve(value: unknown, context: AttemptContext): Observable<unknown> {
  return defer(() => {
    const given: unknown = isFunction(value)
      ? (value as (c: AttemptContext) => unknown)(context)
      : value;
    return isAsync(given) ? from(given as Observable<unknown>) : of(given);
  }).pipe(take(1), throwIfEmpty());
}

/** The method of Observables that are not rxjs'. */
const interop = (Symbol as { observable?: symbol }).observable ?? '@@observable';

/** Strings, arrays and plain objects are values, never iterated. */
function isAsync(given: unknown): boolean {
  if (isObservable(given)) return true;
  return (
    typeof given === 'object' &&
    !Array.isArray(given) &&
    ['then', 'getReader', interop, Symbol.asyncIterator, Symbol.iterator].some((key) =>
      isFunction((given as Record<PropertyKey, unknown> | null)?.[key]),
    )
  );
}
