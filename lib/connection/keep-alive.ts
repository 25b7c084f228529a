import type { MonoTypeOperatorFunction, Observable } from 'rxjs';
import {
  catchError,
  defer,
  EMPTY,
  exhaustMap,
  filter,
  interval,
  map,
  merge,
  mergeMap,
  NEVER,
  of,
  pairwise,
  switchMap,
  take,
  takeUntil,
} from 'rxjs';
import { deadline } from '../deadline.js';
import { answerPings } from './answer-pings.js';
import type { Connection, LiveConnection } from './connection.js';
import { giveUp } from './give-up.js';
import type { Heartbeats } from './heartbeats.js';
import { createHeartbeats } from './heartbeats.js';
import { pageGoesOffline, pageWakes } from './page-signals.js';
import { silence } from './silence.js';
import type { WatchedConnection } from './watched-connection.js';
import { watchedConnection } from './watched-connection.js';

/** How it is noticed that the peer is gone without having closed. */
export interface KeepAliveOptions {
  /**
   * ms without any inbound frame before the connection is given up. `'auto'`: three times the longest interval between the
   * server's heartbeats (`ka`, pings, pongs that answer no ping), at least 10 000, once a connection has given three of them. `false` = off.
   * @defaultValue `'auto'`
   */
  keepAliveTimeout?: 'auto' | number | false | undefined;
  /**
   * ms between client pings. The legacy protocol has none: asked for explicitly in Node, WebSocket-level pings are sent there.
   * Also sent at once when the page goes offline or comes back. `false` = none at all. @defaultValue `25_000` on graphql-transport-ws, none on the legacy protocol
   */
  pingInterval?: number | false | undefined;
  /** ms after our ping within which the pong, or any later frame, must arrive. `false` = for ever. @defaultValue `10_000` */
  pongTimeout?: number | false | undefined;
  /** Whether to answer the server's pings, echoing the payload, up to 100 a second; else you do, with `connection.send`. @defaultValue `true` */
  answerPings?: boolean | undefined;
}

/**
 * Watches each connection that passes: answers pings, sends pings (at once when the page goes offline or comes back), and gives
 * the connection up when it has gone silent. What has arrived while the event loop was blocked is read before that verdict.
 *
 * @throws SilentDisconnectError - nothing heard for `keepAliveTimeout`, or nothing after our ping for `pongTimeout`.
 *
 * @example
 * ```ts
 * openSocket({ url }).pipe(handshake(), keepAlive({ keepAliveTimeout: 10_000 }), reconnect());
 * ```
 */
export function keepAlive(options: KeepAliveOptions = {}): MonoTypeOperatorFunction<Connection> {
  return watchConnections(options, pageWakes(), watchedConnection);
}

/** {@link keepAlive}, of connections of ours, with what is a reason to ask at once whether the peer is still there. */
export function watchConnections(
  options: KeepAliveOptions,
  wake: Observable<unknown> = pageWakes(),
  watched = (connection: Connection): WatchedConnection => connection as LiveConnection,
): MonoTypeOperatorFunction<Connection> {
  const heartbeats = createHeartbeats();
  // whether it has failed is for those who wait for it: see reconnect
  const doubt$ = merge(wake.pipe(catchError(() => NEVER)), pageGoesOffline());
  // the watch first: the connection is used as soon as it is emitted
  return switchMap((connection) =>
    merge(watch(watched(connection), options, heartbeats, doubt$), of(connection)),
  );
}

function watch(
  connection: WatchedConnection,
  options: KeepAliveOptions,
  heartbeats: Heartbeats,
  doubt$: Observable<unknown>,
): Observable<never> {
  const { keepAliveTimeout = 'auto', pongTimeout = 10_000, answerPings: answer = true } = options;
  const { canPing, ping, heartbeat$, reading$ } = connection;
  const { pingInterval = canPing && 25_000 } = options;
  const pause$ = reading$.pipe(
    pairwise(),
    filter(([, reading]) => !reading),
  );
  // what is not read says nothing of the peer; every deadline begins anew afterwards
  const whileRead = (verdict$: Observable<never>) =>
    reading$.pipe(switchMap((reading) => (reading ? verdict$ : NEVER)));
  return merge(
    answer ? answerPings(connection) : NEVER,
    keepAliveTimeout === 'auto'
      ? heartbeats
          .limit(heartbeat$, reading$)
          .pipe(switchMap((limit) => whileRead(silence(connection, limit, heartbeats.doubt))))
      : NEVER,
    typeof keepAliveTimeout === 'number' ? whileRead(silence(connection, keepAliveTimeout)) : NEVER,
    ping && pingInterval !== false
      ? merge(interval(pingInterval), doubt$).pipe(
          exhaustMap(() =>
            reading$.pipe(
              filter(Boolean),
              take(1),
              mergeMap(() => probe(connection, ping, pongTimeout)),
              takeUntil(pause$),
            ),
          ),
        )
      : NEVER,
  );
}

/** Asks whether the peer is still there; of no use while an answer is due. */
function probe(
  connection: WatchedConnection,
  ping: () => void,
  limit: number | false,
): Observable<never> {
  const unanswered$ =
    limit === false
      ? EMPTY
      : deadline(limit).pipe(
          map(() => giveUp(connection, 'pong', limit)),
          takeUntil(connection.messages$),
        );
  const ping$ = defer(() => {
    ping();
    return EMPTY;
  });
  // waiting comes first: the pong may be there at once
  return merge(unanswered$, ping$);
}
