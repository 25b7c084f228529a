import type { Observable } from 'rxjs';
import {
  concat,
  defer,
  ignoreElements,
  map,
  merge,
  repeat,
  retry,
  take,
  takeWhile,
  timeout,
  timer,
} from 'rxjs';
import { SilentDisconnectError } from '../../errors.js';
import { afterPendingEvents } from '../../rx/streams.js';
import type { LiveConnection } from '../connection.js';

type Heard = Pick<LiveConnection, 'messages$' | 'received'>;

/**
 * Errors when nothing is heard for `limit` ms. A timer for every message would cost more than its routing, so activity is sampled:
 * silence is noticed at most a tenth of the limit late.
 *
 * @param onSilence - called before the error
 * @throws SilentDisconnectError
 */
export function silence(
  connection: Heard,
  limit: number,
  onSilence: () => void = () => undefined,
): Observable<never> {
  const sampleMs = Math.min(limit / 10, 1_000);
  const silent$ = afterPendingEvents().pipe(
    map(() => {
      onSilence();
      throw new SilentDisconnectError('silence', limit);
    }),
  );
  return activity(connection, sampleMs).pipe(
    timeout({ each: limit }),
    // a frame that was only waiting to be read begins the watch anew
    retry({ delay: () => merge(connection.messages$, silent$).pipe(take(1)) }),
    ignoreElements(),
  );
}

/**
 * Emits with the first message, and after every `sampleMs` in which further ones came; after a pause with the first one again.
 * While messages come they are counted, not listened to.
 */
function activity(connection: Heard, sampleMs: number): Observable<unknown> {
  const furtherCame$ = defer(() => {
    const before = connection.received;
    return timer(sampleMs).pipe(map(() => connection.received !== before));
  });
  const busy$ = furtherCame$.pipe(repeat(), takeWhile(Boolean));
  return concat(connection.messages$.pipe(take(1)), busy$).pipe(repeat());
}
