import type { Observable, Unsubscribable } from 'rxjs';
import { catchError, EMPTY, endWith, filter, ignoreElements, noop, share, tap } from 'rxjs';
import type { GraphQLSocketError } from '../errors.js';
import type { ClientMessage, ServerMessage } from '../protocol/codec.js';
import { GRAPHQL_TRANSPORT_WS } from '../protocol/codec.js';
import type { PreparedRequest } from '../protocol/request.js';
import type { Payload, RequestInput, Variables } from '../types.js';
import type { FlowControl } from './ws-abilities.js';
import { createFlowControl } from './ws-abilities.js';

/** An acknowledged connection, in one subprotocol. */
export interface Connection {
  readonly subprotocol: string;
  /** The payload of the server's `connection_ack`. */
  readonly ackPayload: unknown;
  /** Every message after the ack; hot. Completes when the connection is lost. */
  readonly messages$: Observable<ServerMessage>;
  /** Sends a message; does nothing once the connection is lost. */
  send(message: ClientMessage): void;
  /**
   * One operation on this very connection, cold. It is not sent again: when the connection is lost it errors, with a
   * `ConnectionLostError` if it is a mutation. On each connection it is a new one, so that a server that closes over it each time is not
   * understood; `execute()` is the same one on all.
   */
  execute<TData = unknown, TVariables = Variables>(
    request: RequestInput<TData, TVariables>,
  ): Observable<Payload<TData>>;
}

/** Receives the answers to an operation. */
export interface OperationObserver {
  /** Nobody listens any more. */
  readonly closed: boolean;
  next(payload: Payload): void;
  error(error: unknown): void;
  complete(): void;
}

/** Makes the error that a loss is for operations. A stack trace costs much, and most often there is no operation left. */
export type LossReason = () => GraphQLSocketError;

/** A connection as the stages use it: our own, or one that somebody else made, adapted. */
export interface LiveConnection extends Connection, FlowControl {
  readonly lost: boolean;
  /** Emits once when the connection is lost, at once if it is. Listening to it costs nothing per message. */
  readonly lost$: Observable<unknown>;
  /** A subscriber was given a result, and no operation has failed since. */
  useful: boolean;
  /** The number of messages so far, with pings of the WebSocket protocol: for a watch that need not see each. */
  readonly received: number;
  /** The server's pings of the GraphQL protocol. */
  readonly ping$: Observable<ServerMessage>;
  /** Whether the GraphQL protocol has pings. */
  readonly canPing: boolean;
  /** Sends a ping of the GraphQL protocol, or else of the WebSocket protocol. `within`: ms in which it is to be answered. */
  readonly ping: ((within: number | false) => void) | undefined;
  /** Signs of life that the server gives by itself: `ka`, pings, pongs that answer none of our pings. */
  readonly heartbeat$: Observable<unknown>;
  /** {@link Connection.execute} without an Observable. Returns a handle for `stop`. @throws GraphQLSocketError - it cannot be sent. */
  start(request: PreparedRequest, observer: OperationObserver): object;
  /** Ends an operation: it hears nothing any more, and the server is told, unless the subscriber `tookResult` and wants no other. */
  stop(operation: object, tookResult?: boolean): void;
  /** The connection has proven itself: the next failure is the first in a row. */
  settle(): void;
  /**
   * Ends the connection at once, and its operations. Without a code the peer does not answer, and no close frame is sent. With a code we leave,
   * and nobody is accused.
   */
  giveUp(error: GraphQLSocketError, code?: number, reason?: string): void;
  /** Tells the server that all operations end, and ends them; `disposed`: nothing is sent again, whatever was asked for. */
  leave(why: LossReason, disposed?: boolean): void;
}

/** The part of a socket object that `concatMapBounded` needs and users do not see. */
export interface Followed {
  /** The present connection, and each that follows; does not connect. */
  readonly current$: Observable<LiveConnection | undefined>;
}

/**
 * The connection itself if `handshake` made it. Any other connection is adapted: whether a pong answers a ping is not known of it,
 * it cannot be told that it is given up, and its messages must be listened to in order to learn that it is lost.
 */
export function adaptConnection(connection: Connection): LiveConnection {
  if ('lost$' in connection) return connection as LiveConnection;
  const { subprotocol, ackPayload } = connection;
  const canPing = subprotocol === GRAPHQL_TRANSPORT_WS;
  const send = (message: ClientMessage) => {
    connection.send(message);
  };
  const ping = () => {
    send({ type: 'ping' });
  };
  const known = { useful: false, received: 0, lost: false };
  return Object.assign(known, createFlowControl({}, noop), follow(connection.messages$, known), {
    subprotocol,
    ackPayload,
    canPing,
    send,
    ping: canPing ? ping : undefined,
    execute: (request: never) => connection.execute(request),
    start: ({ request }: PreparedRequest, observer: OperationObserver) =>
      connection.execute(request as never).subscribe(observer),
    stop(operation: object) {
      (operation as Unsubscribable).unsubscribe();
    },
    settle: noop,
    giveUp: noop,
    leave: noop,
  }) as LiveConnection;
}

/** The streams of a connection that somebody else made; `known` is kept up to date by those who listen. */
function follow(theirs$: Connection['messages$'], known: { received: number; lost: boolean }) {
  const count = () => {
    known.received += 1;
  };
  const lose = () => {
    known.lost = true;
  };
  const messages$ = theirs$.pipe(tap(count), share());
  const ping$ = messages$.pipe(filter(({ type }) => type === 'ping'));
  const lost$ = messages$.pipe(
    ignoreElements(),
    catchError(() => EMPTY),
    endWith(0),
    tap(lose),
  );
  return { messages$, ping$, heartbeat$: ping$, lost$ };
}
