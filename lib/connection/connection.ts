import type { Observable } from 'rxjs';
import { Subject } from 'rxjs';
import type { GraphQLSocketError } from '../errors.js';
import type { ClientMessage, Codec, ServerMessage } from '../protocol/codec.js';
import type { PrepareOptions } from '../protocol/request.js';
import { prepareRequest } from '../protocol/request.js';
import type { DialledSocket } from '../transport/dialled-socket.js';
import type { OpenSocket } from '../transport/dialled-socket.js';
import { throwLater } from '../throw-later.js';
import type { Payload, RequestInput, Variables } from '../types.js';
import { createOperations } from './operations.js';
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
  ackPayload: unknown;
  readonly lost: boolean;
  /** Sends a ping, of the protocol or else of the WebSocket. */
  readonly ping: (() => void) | undefined;
  /** Whether there are pings in the protocol. */
  readonly canPing: boolean;
  log: WireLog;
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
  { generateId, print, tap }: ConnectionOptions,
): LiveConnection {
  const messages = new Subject<ServerMessage>();
  const log = createWireLog(tap);
  const { ping } = socket;
  let lost = false;
  const isOver = () => lost || socket.closing === true;

  const logRedacted = (message: ClientMessage) => {
    const redacted = { ...message, payload: '[redacted]' } as ClientMessage;
    let text = '[redacted]';
    try {
      text = codec.encode(redacted);
    } catch {
      // a dialect that reads its init payload
    }
    log('sent', redacted, text);
  };
  const send = (message: ClientMessage) => {
    const frame = codec.encode(message);
    if (!frame || isOver()) return;
    // the payload of an init is the user's credentials
    if (message.type === 'init' && message.payload !== undefined) {
      if (tap.observed) logRedacted(message);
    } else log('sent', message, frame);
    socket.send(frame);
  };
  const operations = createOperations(send, generateId, isOver);
  const receive = (message: ServerMessage, frame: string) => {
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
    operations.lose(error);
    messages.complete();
  };
  socket.pongs$?.subscribe({
    next() {
      if (isOver()) return;
      log('received', { type: 'pong' });
      receive({ type: 'pong' }, '');
    },
    error: lose,
  });

  return {
    subprotocol: codec.subprotocol,
    ackPayload: undefined,
    get lost() {
      return isOver();
    },
    messages$: messages.asObservable(),
    canPing: codec.canPing,
    ping: codec.canPing
      ? () => {
          send({ type: 'ping' });
        }
      : ping &&
        (() => {
          log('sent', { type: 'ping' });
          ping();
        }),
    log,
    send,
    execute<TData, TVariables>(request: RequestInput<TData, TVariables>) {
      try {
        return operations.run(prepareRequest(request, { print })) as Observable<Payload<TData>>;
      } catch (error) {
        return throwLater(error);
      }
    },
    receive,
    lose,
    abandon(error) {
      socket.end?.();
      lose(error);
    },
    leave(error) {
      operations.stop();
      send({ type: 'terminate' });
      lose(error);
    },
  };
}
