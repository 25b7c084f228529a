import { NEVER, of, timer, type Observable } from 'rxjs';

/**
 * A signal that is given once.
 *
 * @param ms - when, in ms: 0 is at once, synchronously; `false` is never
 */
export function after(ms: number | false): Observable<unknown> {
  if (ms === false) return NEVER;
  return ms === 0 ? of(0) : timer(ms);
}
