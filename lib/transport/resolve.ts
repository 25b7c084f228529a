import type { Observable } from 'rxjs';
import {
  catchError,
  defer,
  forkJoin,
  from,
  isObservable,
  of,
  take,
  throwError,
  throwIfEmpty,
  timeout,
} from 'rxjs';
import { ConnectionError } from '../errors.js';
import type { AttemptContext, Resolvable } from '../types.js';
import { throwLater } from './throw-later.js';

/**
 * Asks for the value of an option, once per subscription. Emits the first value. What throws, rejects or is empty becomes a
 * `ConnectionError`, asynchronously; its text may hold a secret and is only in `cause`.
 */
export function resolve<T>(
  option: string,
  value: Resolvable<T>,
  context: AttemptContext,
): Observable<T> {
  return defer(() => {
    const given =
      typeof value === 'function' ? (value as (c: AttemptContext) => T)(context) : value;
    return isAsync(given) ? from(given as Observable<T>) : of(given as T);
  }).pipe(
    take(1),
    throwIfEmpty(() => new Error(`\`${option}\` completed without a value`)),
    catchError((cause: unknown) =>
      throwLater(
        new ConnectionError(`could not connect: the option \`${option}\` did not give a value`, {
          cause,
          misconfigured: true,
        }),
      ),
    ),
  );
}

/** All that a dial needs, asked for together; `deadline` in ms, `false` = for ever. */
export function resolveAll<T extends object>(
  values: { readonly [K in keyof T]: Resolvable<T[K]> },
  context: AttemptContext,
  deadline: number | false = 10_000,
): Observable<T> {
  const options = Object.entries(values) as [keyof T & string, Resolvable<T[keyof T]>][];
  const all$ = forkJoin(
    Object.fromEntries(options.map(([name, value]) => [name, resolve(name, value, context)])),
  ) as Observable<T>;
  if (deadline === false) return all$;
  const message = `could not connect: an option did not give a value within ${String(deadline)} ms`;
  return all$.pipe(
    timeout({
      first: deadline,
      with: () => throwError(() => new ConnectionError(message, { misconfigured: true })),
    }),
  );
}

/** Strings, arrays and plain objects are values, never iterated. */
function isAsync(given: unknown): boolean {
  if (isObservable(given)) return true;
  if (typeof given !== 'object' || given === null || Array.isArray(given)) return false;
  const keys = ['then', Symbol.asyncIterator, Symbol.iterator, 'getReader'];
  return keys.some((key) => typeof (given as Record<PropertyKey, unknown>)[key] === 'function');
}
