import type { MonoTypeOperatorFunction, Observable } from 'rxjs';
import {
  endWith,
  filter,
  ignoreElements,
  merge,
  ReplaySubject,
  share,
  take,
  tap,
  timer,
} from 'rxjs';
import type { Connection } from './connection.js';
import { isAlive } from './connection.js';

/** How long a connection is kept for nobody. */
export interface ShareConnectionOptions {
  /** ms that the connection is kept after the last subscriber left. 0 is a timer too: `switchMap` from one operation to the next keeps it. @defaultValue `0` */
  linger?: number | undefined;
}

/**
 * One connection for all subscribers: dialled for the first, closed `linger` ms after the last, handed to late ones at once if
 * it is alive. While nothing is connected nothing lingers, and a connection that is lost while it lingers is not replaced.
 *
 * @example
 * ```ts
 * const connection$ = openSocket({ url }).pipe(handshake(), keepAlive(), reconnect(), shareConnection({ linger: 5_000 }));
 * ```
 */
export function shareConnection({
  linger = 0,
}: ShareConnectionOptions = {}): MonoTypeOperatorFunction<Connection> {
  return (source$) => {
    let current: Connection | undefined;
    return source$.pipe(
      tap((connection) => {
        current = connection;
      }),
      share({
        connector: () => new ReplaySubject<Connection>(1),
        resetOnRefCountZero: () =>
          current && isAlive(current)
            ? merge(timer(linger), lost(current)).pipe(take(1))
            : timer(0),
      }),
      filter(isAlive),
    );
  };
}

function lost(connection: Connection): Observable<unknown> {
  return connection.messages$.pipe(ignoreElements(), endWith(true));
}
