import type { Observable } from 'rxjs';
import { concat, defer, map, repeat, take, takeWhile, throttleTime, timer } from 'rxjs';
import type { WatchedConnection } from './watched-connection.js';

/**
 * Emits with the first message of a connection, and every `sample` ms in which there were further ones; after a pause with the
 * first one again. Of ours the messages are counted, not listened to, as long as they come.
 */
export function activity(
  connection: Pick<WatchedConnection, 'messages$' | 'received'>,
  sample: number,
): Observable<unknown> {
  const { messages$ } = connection;
  if (connection.received === undefined) {
    return messages$.pipe(throttleTime(sample, undefined, { leading: true, trailing: true }));
  }
  const furtherCame$ = defer(() => {
    const before = connection.received;
    return timer(sample).pipe(map(() => connection.received !== before));
  });
  const busy$ = furtherCame$.pipe(repeat(), takeWhile(Boolean));
  return concat(messages$.pipe(take(1)), busy$).pipe(repeat());
}
