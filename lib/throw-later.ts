import type { Observable } from 'rxjs';
import { map, timer } from 'rxjs';
import { sealed } from './sealed.js';

/** An error that is never synchronous: a user's bare `retry()` around it would overflow the stack. */
export function throwLater(error: unknown): Observable<never> {
  return sealed(
    timer(0).pipe(
      map(() => {
        throw error;
      }),
    ),
  );
}
