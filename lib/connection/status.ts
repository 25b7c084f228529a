import type { GraphQLSocketError } from '../errors.js';
import type { ClientMessage, ServerMessage } from '../protocol/codec.js';

/** State of a socket object, discriminated by `state`. Instants are ms since the epoch. */
export type SocketStatus = { readonly since: number } & (
  | { readonly state: 'idle' }
  | { readonly state: 'connecting'; readonly attempt: number }
  | { readonly state: 'connected'; readonly subprotocol: string; readonly ackPayload: unknown }
  | {
      readonly state: 'waiting';
      /** The retry that is waited for: 1 = first retry in a row; 0 = a first dial that must wait for its turn. */
      readonly attempt: number;
      /** ms; undefined when an Observable decides. */
      readonly delay: number | undefined;
      readonly until: number | undefined;
      readonly error: GraphQLSocketError;
    }
  | { readonly state: 'failed'; readonly error: GraphQLSocketError }
  | { readonly state: 'closed' }
);

/** What happened on the wire, discriminated by `type`. `connection` counts sockets, so that old and new can be told apart. */
export type SocketEvent = { readonly at: number; readonly connection: number } & SocketOccurrence;

/** An event before it is stamped. */
export type SocketOccurrence =
  | {
      readonly type: 'opened';
      readonly subprotocol: string;
      /** Response headers of the upgrade (Node with `ws`), cookies redacted. */
      readonly headers?: Readonly<Record<string, string>>;
    }
  | { readonly type: 'acknowledged'; readonly payload: unknown }
  | { readonly type: 'sent'; readonly message: ClientMessage; readonly text: string }
  | { readonly type: 'received'; readonly message: ServerMessage; readonly text: string }
  | { readonly type: 'ping'; readonly direction: 'sent' | 'received'; readonly payload: unknown }
  | {
      readonly type: 'pong';
      readonly direction: 'sent' | 'received';
      readonly payload: unknown;
      /** ms since our last unanswered ping; undefined for a pong that answers none. */
      readonly latency: number | undefined;
    }
  | { readonly type: 'closed'; readonly code: number; readonly reason: string }
  | { readonly type: 'unhandled'; readonly frame: string }
  /** A result for an operation that is not, or no longer, subscribed. */
  | { readonly type: 'orphaned'; readonly id: string };
