import type { MonoTypeOperatorFunction, Observable, Subject } from 'rxjs';
import {
  defer,
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
import type { Connection, LiveConnection } from './connection.js';

/** How long a connection is kept when nobody uses it. */
export interface ShareConnectionOptions {
  /** ms that the connection is kept after the last subscriber left. 0 is a timer too: `switchMap` from one operation to the next keeps it. @defaultValue `0` */
  linger?: number | undefined;
}

/** The second argument that a socket object passes to {@link shareConnection}. */
export interface ShareContext {
  /** Told whether anybody is subscribed. */
  readonly wanted$: Subject<boolean>;
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
export function shareConnection(
  options?: ShareConnectionOptions,
): MonoTypeOperatorFunction<Connection>;
/** @internal */
export function shareConnection(
  options: ShareConnectionOptions | undefined,
  context: ShareContext,
): MonoTypeOperatorFunction<Connection>;
export function shareConnection(
  { linger = 0 }: ShareConnectionOptions = {},
  { wanted$ }: Partial<ShareContext> = {},
): MonoTypeOperatorFunction<Connection> {
  return (source$) => {
    let current: Connection | undefined;
    const shared$ = source$.pipe(
      tap((connection) => {
        current = connection;
      }),
      share({
        connector: () => new ReplaySubject<Connection>(1),
        resetOnRefCountZero() {
          wanted$?.next(false);
          return current && linger > 0 && isAlive(current)
            ? merge(timer(linger), lost$(current)).pipe(take(1))
            : timer(0);
        },
      }),
      filter(isAlive),
    );
    return defer(() => {
      wanted$?.next(true);
      return shared$;
    });
  };
}

// not `adaptConnection`: its code would make this stage three times as large for those who import it alone

function isAlive(connection: Connection): boolean {
  return !(connection as Partial<LiveConnection>).lost;
}

function lost$(connection: Connection): Observable<unknown> {
  const { lost$: ownLoss$ } = connection as Partial<LiveConnection>;
  return ownLoss$ ?? connection.messages$.pipe(ignoreElements(), endWith(0));
}
