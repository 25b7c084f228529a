import type { Observable } from 'rxjs';
import { catchError, defer, finalize, noop, of, switchMap, tap } from 'rxjs';
import type { GraphQLSocketError } from '../errors.js';
import { closeCodeOf, setErrorKind } from '../errors.js';
import type { FailedDial, Negotiation } from '../protocol/negotiation.js';
import { createNegotiation } from '../protocol/negotiation.js';
import type { Variables } from '../types.js';
import type { EventSink } from './events.js';
import type { Attempts, Resolvable } from './resolve-options.js';
import { createAttempts, resolveOptions } from './resolve-options.js';
import type { OpenSocket, SocketOptions, SocketSession, WebSocketConstructor } from './socket.js';
import { noEvents } from './socket.js';
import { defaultSubprotocols } from './address.js';
import { openWebSocket } from './web-socket.js';

/** The server to dial, and the way to dial it. */
export interface OpenSocketOptions {
  /** `ws:` or `wss:` URL (`http:` and `https:` are mapped). In a page it may be relative to the page. A fragment is dropped. */
  url: Resolvable<string | URL>;
  /**
   * Subprotocols to offer, in order; one name forces that protocol, unknown names are offered as they are (`header-…`).
   * @defaultValue `['graphql-transport-ws', 'graphql-ws']`
   */
  subprotocols?: Resolvable<readonly string[]> | undefined;
  /** A WebSocket constructor. Its instances need `send` and `close`. @defaultValue isomorphic-ws in Node, `globalThis.WebSocket` at call time in a browser */
  webSocketImpl?: WebSocketConstructor | undefined;
  /**
   * Third argument of the constructor, for `ws`: `headers`, `ca`, `cert`, `key`, `agent`, … In React Native `headers` alone. Not in a browser.
   * @defaultValue `{ perMessageDeflate: false, maxPayload: 32 MiB }`, under what is given
   */
  webSocketOptions?: Resolvable<Variables> | undefined;
  /** ms to open the socket: DNS, TCP, TLS and upgrade together. `false` = for ever. @defaultValue `10_000` */
  connectTimeout?: number | false | undefined;
  /** ms that a graceful close may take before the socket is dropped. @defaultValue `3_000` */
  closeTimeout?: number | undefined;
}

/** The second argument that a socket object passes to {@link openSocket}. */
export interface DialContext {
  readonly attempts: Attempts;
  /** Subprotocols that events may show, besides the built-in ones. */
  readonly dialects?: readonly string[] | undefined;
  /** Resolved with the URL, so that a slow token does not use up the time that the server waits for `connection_init`. */
  readonly connectionParams?: Resolvable<Variables | undefined> | undefined;
  /** An attempt begins. */
  connecting(): void;
  /** Emits when a dial may be made, and counts it. */
  acquire(): Observable<unknown>;
  /** Counts a dial that failed before it was made. */
  count(): void;
  /** The events of one dial. */
  watch(): EventSink;
}

/** Dials at once: a limit is the business of `reconnect`. */
const standaloneContext = (): DialContext => ({
  attempts: createAttempts(),
  connecting: noop,
  acquire: () => of(0),
  count: noop,
  watch: () => noEvents,
});

interface DialValues {
  readonly url: string | URL;
  readonly subprotocols: readonly string[];
  readonly webSocketOptions: Variables | undefined;
  readonly connectionParams: Variables | undefined;
}

/**
 * A WebSocket as a cold Observable: each subscription resolves the options, dials, emits the socket when it is open, and
 * never completes by itself. Every close that was not asked for is an error. Unsubscribing closes the socket with 1000.
 *
 * A server may turn out to speak another subprotocol than it selected. Then one further dial follows at once, with the same values and
 * another offer, and its socket is emitted on the same subscription. The Observable remembers the offer that worked, and it counts the
 * attempts that failed in a row, which functions get as `{ attempt, error }`.
 *
 * @throws ConnectionError - could not open. ConnectionClosedError - closed by the peer. HandshakeError - no common
 * subprotocol (Node). ConfigurationError - a bad URL, or no WebSocket constructor.
 *
 * @example
 * ```ts
 * openSocket({ url: 'wss://example.org/graphql' }).pipe(handshake(), keepAlive(), reconnect());
 * ```
 */
export function openSocket(options: OpenSocketOptions): Observable<OpenSocket>;
/** @internal */
export function openSocket(
  options: OpenSocketOptions,
  // eslint-disable-next-line @typescript-eslint/unified-signatures -- the published declaration has one parameter
  context: DialContext,
): Observable<OpenSocket>;
export function openSocket(
  options: OpenSocketOptions,
  context: DialContext = standaloneContext(),
): Observable<OpenSocket> {
  const { url, subprotocols = defaultSubprotocols, webSocketOptions, connectTimeout } = options;
  const { attempts, dialects, connectionParams } = context;
  const asked = { url, subprotocols, webSocketOptions, connectionParams };
  const negotiation = createNegotiation(dialects);
  return defer(() => {
    const attempt: Attempt = {
      options: { ...options, dialects },
      context,
      negotiation,
      failure: undefined,
    };
    context.connecting();
    return resolveOptions<DialValues>(asked, attempts.current, connectTimeout).pipe(
      tap({ error: context.count }),
      switchMap((values) => dial(attempt, values, negotiation.offer(values.subprotocols))),
      tap({ error: (error: GraphQLSocketError) => fail(attempt, error) }),
      finalize(() => {
        if (!attempt.failure) attempts.reset();
      }),
    );
  });
}

/** One subscription of {@link openSocket}, which may dial more than once. */
interface Attempt {
  readonly options: Pick<
    SocketOptions,
    'webSocketImpl' | 'connectTimeout' | 'closeTimeout' | 'dialects'
  >;
  readonly context: DialContext;
  readonly negotiation: Negotiation;
  /** Its first error. */
  failure: GraphQLSocketError | undefined;
}

/** @param earlier - the dials of the same attempt before it, which have failed */
function dial(
  attempt: Attempt,
  values: DialValues,
  offered: readonly string[],
  earlier: readonly FailedDial[] = [],
): Observable<OpenSocket> {
  const { options, context, negotiation } = attempt;
  const { subprotocols } = values;
  const course: Course = { offered, opened: undefined, heard: false };
  const fallback = (error: GraphQLSocketError) =>
    negotiation.fallback({ error, ...course }, subprotocols, earlier);
  const session: SocketSession = {
    ...sessionOf(context, values),
    heard() {
      course.heard = true;
    },
    acknowledged() {
      negotiation.acknowledged(offered, earlier.at(-1));
    },
    failed(error) {
      // the offer may be forgotten; a stage that gives the socket up gets no other one
      if (!attempt.failure) fallback(error);
      return fail(attempt, tellingError(error, course, earlier));
    },
  };
  const socketOptions = { ...options, ...values, subprotocols: offered };
  return context.acquire().pipe(
    switchMap(() => openWebSocket(socketOptions, session)),
    tap((socket) => {
      course.opened = socket.subprotocol;
    }),
    catchError((error: GraphQLSocketError) => {
      const next = fallback(error);
      if (next) return dial(attempt, values, next, [...earlier, { error, ...course }]);
      if (earlier[0] && subprotocols.length > 1 && negotiation.isDoubtful(error, offered))
        setErrorKind(error, 'plain-loss');
      throw tellingError(error, course, earlier);
    }),
  );
}

/** How far a dial has come. */
interface Course extends Pick<FailedDial, 'offered'> {
  opened: string | undefined;
  heard: boolean;
}

/** The part of a session that is not about one dial. */
const sessionOf = (context: DialContext, values: DialValues) => ({
  attempt: () => context.attempts.current,
  requested: values.subprotocols,
  connectionParams: context.connectionParams && (values.connectionParams ?? null),
  events: context.watch(),
  settled: context.attempts.reset,
});

function fail(attempt: Attempt, error: GraphQLSocketError): GraphQLSocketError {
  if (!attempt.failure) attempt.context.attempts.failed(error);
  return (attempt.failure ??= error);
}

/** The error to report. A drop may have been the network's, after all: then the answer to the other offer means nothing. */
function tellingError(
  error: GraphQLSocketError,
  { opened, heard }: Course,
  [first = { error }]: readonly Pick<FailedDial, 'error'>[],
): GraphQLSocketError {
  // the first error tells most, because it names all that was offered
  const isSame = first.error.name === error.name && opened === undefined;
  return isSame || (closeCodeOf(first.error) === 1006 && !heard) ? first.error : error;
}
