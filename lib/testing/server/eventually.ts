import { defer, from, isObservable, NEVER, type Observable, of, take, tap, timer } from 'rxjs';
import type { Eventually } from './api/peer.js';

/** Asks a function of the user's for its first value, with each subscription. A throw is the error. */
export function eventually<T>(ask: () => Eventually<T>): Observable<T> {
  return defer((): Observable<T> => {
    const answer = ask();
    if (isObservable(answer)) return answer;
    return 'then' in Object(answer) ? from(answer as PromiseLike<T>) : of(answer as T);
  }).pipe(take(1));
}

/** Emits once, after so many ms: 0 emits in a microtask, `false` never. */
export function after(ms: number | false): Observable<unknown> {
  if (ms === false) return NEVER;
  return ms === 0 ? from(Promise.resolve()) : timer(ms);
}

/** Acts after so many microtasks: a pong comes before the close for a document, and not before that for a malformed frame, as in graphql-ws. */
export function afterHops(hops: 1 | 2, act: () => void): Observable<unknown> {
  const first = Promise.resolve();
  return from(hops === 1 ? first : first.then(() => undefined)).pipe(tap(act));
}
