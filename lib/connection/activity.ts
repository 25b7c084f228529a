import type { Observable } from 'rxjs';
import {
  concat,
  defer,
  interval,
  map,
  pairwise,
  repeat,
  startWith,
  take,
  takeWhile,
  throttleTime,
} from 'rxjs';
import type { WatchedConnection } from './give-up.js';

/**
 * Emits with the first message of a connection, and every `sample` ms in which there were further ones; after a pause with the
 * first one again. Of ours the messages are counted, not listened to, as long as they come.
 */
export function activity(connection: WatchedConnection, sample: number): Observable<unknown> {
  const { messages$ } = connection;
  if (connection.received === undefined) {
    return messages$.pipe(throttleTime(sample, undefined, { leading: true, trailing: true }));
  }
  const count = () => connection.received;
  const busy$ = defer(() =>
    interval(sample).pipe(
      map(count),
      startWith(count()),
      pairwise(),
      takeWhile(([before, after]) => before !== after),
    ),
  );
  return concat(messages$.pipe(take(1)), busy$).pipe(repeat());
}
