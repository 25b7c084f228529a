import type { Observable } from 'rxjs';
import { ignoreElements, map, merge, retry, take, timeout } from 'rxjs';
import { grace } from '../deadline.js';
import { activity } from './activity.js';
import { giveUp } from './give-up.js';
import type { WatchedConnection } from './watched-connection.js';

/**
 * Gives up a connection on which nothing is heard for `limit` ms. A timer for every message would cost more than its routing:
 * activity is sampled, and noticed at most a tenth late.
 */
export function silence(
  connection: WatchedConnection,
  limit: number,
  verdict: () => void = () => undefined,
): Observable<never> {
  const { messages$ } = connection;
  const sample = Math.min(limit / 10, 1_000);
  const late$ = grace().pipe(
    map(() => {
      verdict();
      giveUp(connection, 'silence', limit);
    }),
  );
  return activity(connection, sample).pipe(
    timeout({ each: limit }),
    // a frame that was only waiting to be read begins the watch anew
    retry({ delay: () => merge(messages$, late$).pipe(take(1)) }),
    ignoreElements(),
  );
}
