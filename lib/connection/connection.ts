import type { Observable } from 'rxjs';
import { asyncScheduler, Subject } from 'rxjs';
import type { GraphQLSocketError } from '../errors.js';
import type { ClientMessage, Codec, ServerMessage } from '../protocol/codec.js';
import type { PrepareOptions } from '../protocol/request.js';
import { prepareRequest } from '../protocol/request.js';
import { throwLater } from '../transport/throw-later.js';
import type { DialledSocket } from '../transport/dial-socket.js';
import type { OpenSocket } from '../transport/open-socket.js';
import type { Payload, RequestInput, Variables } from '../types.js';
import { createOperations } from './operations.js';
import type { Tap } from './tap.js';
import { tellLiveness, tellSent, tellStray } from './tap.js';

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
  /** Whose pings there are to send: the protocol's, or else the WebSocket's. */
  readonly pings: 'protocol' | 'socket' | 'none';
  ping(): void;
  isLost(): boolean;
  acknowledge(payload: unknown): void;
  /** A message after the ack. */
  receive(message: ServerMessage, frame: string): void;
  /** The socket is gone. */
  lose(error: GraphQLSocketError): void;
  /** The peer does not answer: leaves it without goodbye. */
  abandon(error: GraphQLSocketError): void;
  /** Ends every operation and the connection, and tells the server. */
  leave(error: GraphQLSocketError): void;
}

export interface ConnectionOptions extends Pick<PrepareOptions, 'print'> {
  readonly generateId: () => string;
  readonly tap: Tap;
}

/** Of a connection that is not ours nothing is known: it counts as alive. */
export function isAlive(connection: Connection): boolean {
  return !(connection as Partial<LiveConnection>).isLost?.();
}

/** A connection on a socket of ours, or of anybody's. */
export function createConnection(
  socket: OpenSocket & Partial<DialledSocket>,
  codec: Codec,
  { generateId, print, tap }: ConnectionOptions,
): LiveConnection {
  const messages = new Subject<ServerMessage>();
  let lost = false;
  let ackPayload: unknown;
  let pingedAt: number | undefined;

  const transmit = (message: ClientMessage) => {
    const frame = codec.encode(message);
    if (frame === '' || lost) return;
    if (message.type === 'ping') pingedAt = asyncScheduler.now();
    if (tap.listening()) tellSent(tap, codec, message, frame);
    socket.send(frame);
  };
  const operations = createOperations(transmit, generateId);
  const receive = (message: ServerMessage, frame: string) => {
    messages.next(message);
    if ('id' in message) {
      if (!operations.route(message)) tellStray(tap, message, frame);
      return;
    }
    if (message.type !== 'ping' && message.type !== 'pong') {
      tellStray(tap, message, frame);
      return;
    }
    tellLiveness(tap, message.type, 'payload' in message ? message.payload : undefined, pingedAt);
    if (message.type === 'pong') pingedAt = undefined;
  };
  const lose = (error: GraphQLSocketError) => {
    if (lost) return;
    lost = true;
    messages.complete();
    operations.lose(error);
  };
  socket.pongs$?.subscribe(() => {
    receive({ type: 'pong' }, '');
  });

  return {
    subprotocol: codec.subprotocol,
    get ackPayload() {
      return ackPayload;
    },
    messages$: messages.asObservable(),
    send: transmit,
    execute<TData, TVariables>(request: RequestInput<TData, TVariables>) {
      try {
        return operations.run(prepareRequest(request, { print })) as Observable<Payload<TData>>;
      } catch (error) {
        return throwLater(error);
      }
    },
    pings: codec.canPing ? 'protocol' : socket.ping ? 'socket' : 'none',
    ping() {
      if (codec.canPing) {
        transmit({ type: 'ping' });
        return;
      }
      pingedAt = asyncScheduler.now();
      tap.emit({ type: 'ping', direction: 'sent', payload: undefined });
      socket.ping?.();
    },
    isLost: () => lost,
    acknowledge(payload) {
      ackPayload = payload;
      tap.emit({ type: 'acknowledged', payload });
    },
    receive,
    lose,
    abandon(error) {
      socket.abandon?.();
      lose(error);
    },
    leave(error) {
      operations.stop();
      transmit({ type: 'terminate' });
      lose(error);
    },
  };
}
