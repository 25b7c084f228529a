import { defer, from, isObservable, of, take, type Observable } from 'rxjs';
import type { Eventually } from './verdict.js';

/**
 * Asks a function of the user's for its first value.
 *
 * @param ask - may answer with a value, a promise or an Observable, or throw
 * @returns a cold Observable of that value; an error if it throws or rejects
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
