import type { MonoTypeOperatorFunction, Observable } from 'rxjs';
import {
  defer,
  EMPTY,
  exhaustMap,
  ignoreElements,
  interval,
  merge,
  mergeMap,
  NEVER,
  of,
  switchMap,
  takeUntil,
  tap,
  throttleTime,
  throwError,
  timeout,
  timer,
} from 'rxjs';
import { SilentDisconnectError } from '../errors.js';
import { answerPing, GRAPHQL_TRANSPORT_WS } from '../protocol/codec.js';
import type { Connection, LiveConnection } from './connection.js';

/** How it is noticed that the peer is gone without having closed. */
export interface KeepAliveOptions {
  /** ms without any inbound frame before the connection is given up. `false` = off. @defaultValue `false` */
  keepAliveTimeout?: number | false | undefined;
  /**
   * ms between client pings. The legacy protocol has none: asked for explicitly in Node, WebSocket-level pings are sent there.
   * `false` = none. @defaultValue `25_000` on graphql-transport-ws, none on the legacy protocol
   */
  pingInterval?: number | false | undefined;
  /** ms after our ping within which the pong, or any later frame, must arrive. `false` = for ever. @defaultValue `10_000` */
  pongTimeout?: number | false | undefined;
  /** Whether to answer the server's pings, echoing the payload; else you do, with `connection.send`. @defaultValue `true` */
  answerPings?: boolean | undefined;
}

type AnyConnection = Connection & Partial<LiveConnection>;

/**
 * Watches each connection that passes: answers pings, sends pings, and gives the connection up when it has gone silent.
 *
 * @throws SilentDisconnectError - nothing heard for `keepAliveTimeout`, or nothing after our ping for `pongTimeout`.
 *
 * @example
 * ```ts
 * openSocket({ url }).pipe(handshake(), keepAlive({ keepAliveTimeout: 10_000 }), reconnect());
 * ```
 */
export function keepAlive(options: KeepAliveOptions = {}): MonoTypeOperatorFunction<Connection> {
  // the watch first: the connection is used as soon as it is emitted
  return switchMap((connection) => merge(watch(connection, options), of(connection)));
}

function watch(connection: AnyConnection, options: KeepAliveOptions): Observable<never> {
  const { keepAliveTimeout = false, pongTimeout = 10_000, answerPings = true } = options;
  const { canPing = connection.subprotocol === GRAPHQL_TRANSPORT_WS } = connection;
  const ping =
    'ping' in connection
      ? connection.ping
      : canPing &&
        (() => {
          connection.send({ type: 'ping' });
        });
  const { pingInterval = canPing && 25_000 } = options;
  return merge(
    answerPings ? answers(connection) : NEVER,
    keepAliveTimeout === false ? NEVER : silence(connection, keepAliveTimeout),
    ping && pingInterval !== false ? pings(connection, ping, pingInterval, pongTimeout) : NEVER,
  );
}

function answers(connection: AnyConnection): Observable<never> {
  return connection.messages$.pipe(
    tap((message) => {
      if (message.type === 'ping') answerPing(connection, message);
    }),
    ignoreElements(),
  );
}

/** A timer for every message would cost more than its routing: activity is sampled, and noticed at most a tenth late. */
function silence(connection: AnyConnection, limit: number): Observable<never> {
  const sample = Math.min(limit / 10, 1_000);
  return connection.messages$.pipe(
    throttleTime(sample, undefined, { leading: true, trailing: true }),
    timeout({ each: limit, with: () => giveUp(connection, 'silence', limit) }),
    ignoreElements(),
  );
}

function pings(
  connection: AnyConnection,
  ping: () => void,
  period: number,
  limit: number | false,
): Observable<never> {
  const unanswered$ =
    limit === false
      ? EMPTY
      : timer(limit).pipe(
          mergeMap(() => giveUp(connection, 'pong', limit)),
          takeUntil(connection.messages$),
        );
  const ping$ = defer(() => {
    ping();
    return EMPTY;
  });
  // waiting comes first: the pong may be there at once
  return interval(period).pipe(exhaustMap(() => merge(unanswered$, ping$)));
}

function giveUp(
  connection: AnyConnection,
  kind: SilentDisconnectError['kind'],
  limit: number,
): Observable<never> {
  const error = new SilentDisconnectError(kind, limit);
  connection.abandon?.(error);
  return throwError(() => error);
}
