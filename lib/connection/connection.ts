import type { Observable } from 'rxjs';
import type { GraphQLSocketError } from '../errors.js';
import type { Frame } from '../long-frame.js';
import type { ClientMessage, ServerMessage } from '../protocol/codec.js';
import type { Payload, RequestInput, Variables } from '../types.js';
import type { Operations } from './operations.js';
import type { Pausing } from './pausing.js';
import type { WireLog } from './wire-log.js';

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
export interface LiveConnection extends Connection, Pausing {
  readonly lost: boolean;
  /** All that it has given are refusals of operations. */
  readonly fruitless: boolean;
  /** How many messages there were, pings of the WebSocket's included: for those who need not know which. */
  readonly received: number;
  /** The server's pings, of the protocol. */
  readonly ping$: Observable<ServerMessage>;
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
  receive(message: ServerMessage, frame: Frame): void;
  /** The connection is over. */
  lose(error: GraphQLSocketError): void;
  /** The peer does not answer: leaves it without goodbye. */
  abandon(error: GraphQLSocketError): void;
  /** Tells the server, and ends every operation. */
  leave(error: GraphQLSocketError): void;
}

/** Of a connection that is not ours nothing is known: it counts as alive. */
export function isAlive(connection: Connection): boolean {
  return !(connection as Partial<LiveConnection>).lost;
}
