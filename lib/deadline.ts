import type { Observable } from 'rxjs';
import { delay, switchMap, timer } from 'rxjs';

/** Emits `limit` ms and a {@link grace} from now. */
export function deadline(limit: number): Observable<unknown> {
  return timer(limit).pipe(switchMap(grace));
}

/**
 * Emits when the event loop has come round twice. Behind a blocked loop, a throttled tab or a suspended process a timer is due
 * before the frames that came meanwhile are read: no verdict without these two rounds.
 */
export function grace(): Observable<unknown> {
  return timer(0).pipe(delay(0));
}
