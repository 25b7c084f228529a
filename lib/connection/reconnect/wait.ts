/** The wait before a retry: ms, or whatever the user waits for, and its end at a wake. */
import type { Observable, ObservableInput } from 'rxjs';
import { catchError, concat, defer, merge, NEVER, take, throwIfEmpty } from 'rxjs';
import type { GraphQLSocketError } from '../../errors.js';
import { failUser, must } from '../../validate.js';

/** Waits, and ends the wait at the first wake. */
export function untilWoken(
  wait$: Observable<unknown>,
  wake: Observable<unknown>,
): Observable<unknown> {
  const woken$ = wake.pipe(catchError((cause: unknown) => failUser('retry.wake', cause)));
  // a source of wakes that completes ends no wait
  return merge(wait$, concat(woken$, NEVER)).pipe(take(1));
}

/** ms that `setTimeout` can wait for. @throws ConfigurationError - no number. */
export function duration(ms: unknown): number {
  must('a number of milliseconds', () => typeof ms === 'number' && !Number.isNaN(ms))(
    'retry.delay',
    ms,
  );
  return Math.min(Math.max(ms as number, 0), 2 ** 31 - 1);
}

/** An input that ends without a value has given up. */
export function firstOf(
  wait: ObservableInput<unknown>,
  error: GraphQLSocketError,
): Observable<unknown> {
  return defer(() => wait).pipe(
    catchError((cause: unknown) => failUser('retry.delay', cause)),
    throwIfEmpty(() => error),
  );
}
