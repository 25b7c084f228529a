import { defer, from, isObservable, NEVER, of, take, timer, type Observable } from 'rxjs';
import type { Eventually } from './verdict.js';

/**
 * Asks a function of the user's for its first value.
 *
 * @param ask - answers with a value, a promise or an Observable, or throws
 * @returns a cold Observable of that value, or of the error
 */
export function eventually<T>(ask: () => Eventually<T>): Observable<T> {
  return defer((): Observable<T> => {
    const answer = ask();
    if (isObservable(answer)) return answer;
    return isPromiseLike(answer) ? from(answer) : of(answer);
  }).pipe(take(1));
}

function isPromiseLike<T>(value: T | PromiseLike<T>): value is PromiseLike<T> {
  return typeof value === 'object' && value !== null && 'then' in value;
}

/**
 * Emits once.
 *
 * @param ms - the time until then: 0 emits synchronously, `false` never
 */
export function after(ms: number | false): Observable<unknown> {
  if (ms === false) return NEVER;
  return ms === 0 ? of(0) : timer(ms);
}
