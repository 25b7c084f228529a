import { Observable, Subject } from 'rxjs';
import type { GraphQLSocketError } from '../errors.js';
import type { ClientMessage, Codec, ServerMessage } from '../protocol/codec.js';
import type { PreparedRequest, PrepareOptions } from '../protocol/request.js';
import { prepareRequest } from '../protocol/request.js';
import type { DialledSocket } from '../transport/dialled-socket.js';
import type { OpenSocket } from '../transport/dialled-socket.js';
import { sealed } from '../sealed.js';
import { throwLater } from '../throw-later.js';
import type { Payload, RequestInput, Variables } from '../types.js';
import type { Operation, Operations } from './operations.js';
import { createOperations } from './operations.js';
import { createQuarantine, hasRead } from './quarantine.js';
import { redact } from './redact.js';
import type { Tap, WireLog } from './wire-log.js';
import { createWireLog } from './wire-log.js';

/** An acknowledged connection, in one subprotocol. */
export interface Connection {
  readonly subprotocol: string;
  /** What the server sent with its `connection_ack`. */
  readonly ackPayload: unknown;
  /** Every message after the ack; hot. Completes when the connection is lost. */
  readonly messages$: Observable<ServerMessage>;
  /** Sends a message; does nothing once the connection is lost. */
  send(message: ClientMessage): void;
  /**
   * One operation on this very connection, cold. It is not sent again: when the connection is lost it errors, with a
   * `ConnectionLostError` if it is a mutation.
   */
  execute<TData = unknown, TVariables = Variables>(
    request: RequestInput<TData, TVariables>,
  ): Observable<Payload<TData>>;
}

/** What our own stages do to a connection besides. */
export interface LiveConnection extends Connection {
  readonly lost: boolean;
  /** Sends a ping, of the protocol or else of the WebSocket. */
  readonly ping: (() => void) | undefined;
  /** Whether there are pings in the protocol. */
  readonly canPing: boolean;
  /** Signs of life that the server gives of itself: `ka`, pings, pongs that answer none of ours. */
  readonly heartbeat$: Observable<unknown>;
  /** {@link Connection.execute} without an Observable. @throws GraphQLSocketError - it cannot be sent. */
  readonly start: Operations['start'];
  readonly stop: Operations['stop'];
  log: WireLog;
  /** The server has acknowledged it. */
  acknowledge(payload: unknown): void;
  /** A message after the ack. */
  receive(message: ServerMessage, frame: string): void;
  /** The connection is over. */
  lose(error: GraphQLSocketError): void;
  /** The peer does not answer: leaves it without goodbye. */
  abandon(error: GraphQLSocketError): void;
  /** Tells the server, and ends every operation. */
  leave(error: GraphQLSocketError): void;
}

export interface ConnectionOptions extends Pick<PrepareOptions, 'print'> {
  readonly generateId: () => string;
  /** Requests of which one has made a server of ours close the connection. */
  readonly suspects: WeakSet<PreparedRequest>;
  readonly tap: Tap;
}

/** Of a connection that is not ours nothing is known: it counts as alive. */
export function isAlive(connection: Connection): boolean {
  return !(connection as Partial<LiveConnection>).lost;
}

/** A connection on a socket of ours, or of anybody's. */
export function createConnection(
  socket: OpenSocket & Partial<DialledSocket>,
  codec: Codec,
  { generateId, suspects, print, tap }: ConnectionOptions,
): LiveConnection {
  const messages = new Subject<ServerMessage>();
  const heartbeats = new Subject<void>();
  const log = createWireLog(tap);
  let ack: { readonly payload: unknown } | undefined;
  let lost = false;
  const { ping: socketPing } = socket;
  /** Ours that were not answered yet. */
  let pings = 0;
  const isOver = () => lost || socket.closing === true;

  const send = (message: ClientMessage) => {
    const frame = codec.encode(message);
    if (!frame || isOver()) return;
    if (tap.observed) log('sent', ...redact(message, frame, codec));
    if (message.type === 'ping') pings += 1;
    socket.send(frame);
  };
  const ping = codec.canPing
    ? () => {
        send({ type: 'ping' });
      }
    : undefined;
  const quarantine = createQuarantine<Operation>(suspects, () => hasRead(messages, ping));
  const operations = createOperations(send, generateId, isOver, quarantine);
  const heard = (type: string) => {
    const answers = type === 'pong' && pings > 0;
    if (answers) pings -= 1;
    if (type === 'ping' || (type === 'pong' && !answers)) heartbeats.next();
  };
  const receive = (message: ServerMessage, frame: string) => {
    heard(message.type);
    messages.next(message);
    const { type } = message;
    const handled = 'id' in message ? operations.route(message) : /^p[io]ng$/.test(type);
    // a `complete` may cross ours, and answers the legacy `stop`
    if (handled || type === 'complete') return;
    tap.next(type === 'next' ? { type: 'orphaned', id: message.id } : { type: 'unhandled', frame });
  };
  const lose = (error: GraphQLSocketError) => {
    if (lost) return;
    lost = true;
    operations.lose(error, ack !== undefined);
    messages.complete();
  };
  socket.heartbeat$?.subscribe({
    next(type) {
      if (isOver()) return;
      log('received', { type });
      heard(type);
      // nobody is to answer it: `ws` has
      messages.next({ type: 'pong' });
    },
    error: lose,
  });

  return {
    subprotocol: codec.subprotocol,
    get ackPayload() {
      return ack?.payload;
    },
    get lost() {
      return isOver();
    },
    messages$: sealed(messages),
    canPing: codec.canPing,
    heartbeat$: sealed(heartbeats),
    ping:
      ping ??
      (socketPing &&
        (() => {
          log('sent', { type: 'ping' });
          pings += 1;
          socketPing();
        })),
    log,
    send,
    start: operations.start,
    stop: operations.stop,
    execute<TData, TVariables>(request: RequestInput<TData, TVariables>) {
      return new Observable<Payload<TData>>((subscriber) => {
        try {
          const operation = operations.start(prepareRequest(request, { print }), subscriber);
          return () => {
            operations.stop(operation);
          };
        } catch (error) {
          return throwLater(error).subscribe(subscriber);
        }
      });
    },
    acknowledge(payload) {
      ack = { payload };
    },
    receive,
    lose,
    abandon(error) {
      socket.end?.();
      lose(error);
    },
    leave(error) {
      operations.stopAll();
      send({ type: 'terminate' });
      lose(error);
    },
  };
}
