import type { GraphQLFormattedError, Payload, SentRequest } from '../types.js';
import type { Frame } from './payload.js';

/** A message of the client, under the names of the current protocol. */
export type ClientMessage =
  | { readonly type: 'init' | 'ping' | 'pong'; readonly payload?: unknown }
  | { readonly type: 'subscribe'; readonly id: string; readonly payload: SentRequest }
  | { readonly type: 'complete'; readonly id: string }
  | { readonly type: 'terminate' };

/** A message of the server, under the names of the current protocol. */
export type ServerMessage =
  | { readonly type: 'ack' | 'rejected' | 'ping' | 'pong'; readonly payload?: unknown }
  | { readonly type: 'next'; readonly id: string; readonly payload: Payload }
  | {
      readonly type: 'error';
      readonly id: string;
      readonly errors: readonly GraphQLFormattedError[];
    }
  /** `payload`: some servers put the last result into the end. */
  | { readonly type: 'complete'; readonly id: string; readonly payload?: Payload }
  | { readonly type: 'unknown'; readonly frame: string };

/** Translates neutral messages to and from one subprotocol. Pure. */
export interface Codec {
  /** The name in `Sec-WebSocket-Protocol`. */
  readonly subprotocol: string;
  /** Whether the client may send `ping`. The legacy protocol has only the server's `ka`. */
  readonly canPing: boolean;
  /** The frame for a message; an empty string for a message that the protocol does not have: nothing is sent. */
  encode(message: ClientMessage): string;
  /**
   * The message in a frame.
   *
   * @throws ProtocolError when the frame is not of the protocol, which ends the connection. A frame that can be tolerated is `unknown`.
   */
  decode(frame: string): ServerMessage;
}

/** A codec that reads long frames without decoding all of their text. */
export interface BuiltInCodec extends Codec {
  decode(frame: Frame): ServerMessage;
}

/**
 * The current protocol's subprotocol name (library graphql-ws).
 *
 * @example
 * ```ts
 * graphqlSocket({ url, subprotocols: [GRAPHQL_TRANSPORT_WS] });
 * ```
 */
export const GRAPHQL_TRANSPORT_WS = 'graphql-transport-ws';
/**
 * The legacy Apollo protocol's subprotocol name (library subscriptions-transport-ws).
 *
 * @example
 * ```ts
 * graphqlSocket({ url, subprotocols: [SUBSCRIPTIONS_TRANSPORT_WS] });
 * ```
 */
export const SUBSCRIPTIONS_TRANSPORT_WS = 'graphql-ws';

/** The answer to a ping: the payload is echoed, as some servers check it. */
export function pongFor(ping: { readonly payload?: unknown }): ClientMessage {
  return ping.payload === undefined ? { type: 'pong' } : { type: 'pong', payload: ping.payload };
}

/** Answers a ping; without the payload where that cannot be written: it may be nested deeper than `JSON.stringify` can follow. */
export function answerPing(
  connection: { send(message: ClientMessage): void },
  ping: { readonly payload?: unknown },
): void {
  try {
    connection.send(pongFor(ping));
  } catch {
    connection.send({ type: 'pong' });
  }
}
