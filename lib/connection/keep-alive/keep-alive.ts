import type { MonoTypeOperatorFunction, Observable } from 'rxjs';
import {
  catchError,
  defer,
  EMPTY,
  exhaustMap,
  map,
  merge,
  NEVER,
  of,
  repeat,
  switchMap,
  takeUntil,
  tap,
  throttleTime,
  timer,
} from 'rxjs';
import type { GraphQLSocketError } from '../../errors.js';
import { SilentDisconnectError } from '../../errors.js';
import { deadline } from '../../rx/streams.js';
import type { Connection, LiveConnection } from '../connection.js';
import { adaptConnection } from '../connection.js';
import { pageGoesOffline, pageWakes } from '../reconnect/page-signals.js';
import { onceReading, whileReading } from '../ws-abilities.js';
import { answerPings } from './answer-pings.js';
import { Heartbeats } from './heartbeats.js';
import { silence } from './silence.js';

/** The detection of a peer that is gone without having closed. */
export interface KeepAliveOptions {
  /**
   * ms without any inbound frame before the connection is given up. `'auto'`: three times the longest interval between the
   * server's heartbeats (`ka`, pings, pongs that answer no ping), at least 10 000, once a connection has given three of them. It asks before, by
   * a ping of the protocol or (Node) of the WebSocket. Where it cannot ask, each verdict quadruples the silence that is allowed next, up to an hour, until
   * ten minutes of regular heartbeats have passed. `false` = off.
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

/** The second argument that a socket object passes to {@link keepAlive}. */
export interface KeepAliveContext {
  /** A reason to ask at once whether the peer is still there. @defaultValue the page comes back */
  readonly wake?: Observable<unknown> | undefined;
}

/**
 * Watches each connection that passes: answers pings, sends pings (at once when the page goes offline or comes back), and gives
 * the connection up when it has gone silent. Data that arrived while the event loop was blocked are read before that.
 *
 * @throws SilentDisconnectError - nothing heard for `keepAliveTimeout`, or nothing after our ping for `pongTimeout`.
 *
 * @example
 * ```ts
 * openSocket({ url }).pipe(handshake(), keepAlive({ keepAliveTimeout: 10_000 }), reconnect());
 * ```
 */
export function keepAlive(options?: KeepAliveOptions): MonoTypeOperatorFunction<Connection>;
/** @internal */
export function keepAlive(
  options: KeepAliveOptions | undefined,
  context: KeepAliveContext,
): MonoTypeOperatorFunction<Connection>;
export function keepAlive(
  options: KeepAliveOptions = {},
  { wake = pageWakes() }: KeepAliveContext = {},
): MonoTypeOperatorFunction<Connection> {
  const heartbeats = new Heartbeats();
  // `reconnect` reports a wake that fails
  const woken$ = wake.pipe(
    throttleTime(askAgainMs),
    catchError(() => NEVER),
  );
  const doubt$ = merge(woken$, pageGoesOffline());
  return switchMap((given) => {
    const connection = adaptConnection(given);
    const watch$ = watch(connection, options, heartbeats, doubt$).pipe(
      takeUntil(connection.lost$),
      catchError((error: GraphQLSocketError) => {
        connection.giveUp(error);
        throw error;
      }),
    );
    // the watch first, because the connection is used as soon as it is emitted
    return merge(watch$, of(given));
  });
}

function watch(
  connection: LiveConnection,
  options: KeepAliveOptions,
  heartbeats: Heartbeats,
  doubt$: Observable<unknown>,
): Observable<never> {
  const { keepAliveTimeout = 'auto', answerPings: answer = true } = options;
  return merge(
    answer ? answerPings(connection) : NEVER,
    keepAliveTimeout === 'auto' ? learntSilence(connection, options, heartbeats) : NEVER,
    typeof keepAliveTimeout === 'number' ? silenceOf(connection, keepAliveTimeout) : NEVER,
    regularPings(connection, options, doubt$),
  );
}

/** Silence says nothing while nothing is read. */
function silenceOf(connection: LiveConnection, limit: number, onSilence?: () => void) {
  return whileReading(connection, silence(connection, limit, onSilence));
}

/** Asks in the last third of the limit, if it can. */
function learntSilence(
  connection: LiveConnection,
  options: KeepAliveOptions,
  heartbeats: Heartbeats,
): Observable<never> {
  const { ping, heartbeat$, reading$ } = connection;
  const watchFor = (limit: number) => {
    if (!ping || options.pingInterval === false) {
      return silenceOf(connection, limit, () => {
        heartbeats.doubt(false);
      });
    }
    const askMs = limit / 3;
    const verdict = () => {
      heartbeats.doubt(true);
      return new SilentDisconnectError('silence', limit);
    };
    const complete = () => {
      heartbeats.answered();
    };
    const asked$ = silence(connection, limit - askMs).pipe(
      catchError(() => probe(connection, ping, askMs, verdict).pipe(tap({ complete }))),
      repeat(),
    );
    return whileReading(connection, asked$);
  };
  return heartbeats.limit(heartbeat$, reading$).pipe(switchMap(watchFor));
}

function regularPings(
  connection: LiveConnection,
  options: KeepAliveOptions,
  doubt$: Observable<unknown>,
): Observable<never> {
  const { canPing, ping } = connection;
  const { pingInterval = canPing && 25_000, pongTimeout = 10_000 } = options;
  if (!ping || pingInterval === false) return NEVER;
  return merge(timer(pingInterval, pingInterval), doubt$).pipe(
    exhaustMap(() => onceReading(connection, probe(connection, ping, pongTimeout))),
  );
}

/** ms between two pings that a `wake` causes: one that emits in a loop must not make a flood. */
const askAgainMs = 1_000;

/** Asks whether the peer is still there. */
function probe(
  { messages$ }: LiveConnection,
  ping: NonNullable<LiveConnection['ping']>,
  limit: number | false,
  verdict = () => new SilentDisconnectError('pong', Number(limit)),
): Observable<never> {
  const unanswered$ =
    limit === false
      ? EMPTY
      : deadline(limit).pipe(
          map(() => {
            throw verdict();
          }),
          takeUntil(messages$),
        );
  const ping$ = defer(() => {
    ping(limit);
    return EMPTY;
  });
  // the deadline first, because the pong may be there at once
  return merge(unanswered$, ping$);
}
