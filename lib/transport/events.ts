import type { ClientMessage, ServerMessage } from '../protocol/codec.js';

/** An event on the wire, discriminated by `type`. `connection` counts sockets, so that an old and a new one can be told apart. */
export type SocketEvent = { readonly at: number; readonly connection: number } & SocketOccurrence;

/** An event without its time stamp. */
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
  | {
      readonly type: 'closed';
      readonly code: number;
      readonly reason: string;
      /** `wasClean` of the WebSocket's `CloseEvent`: both sides have sent a close frame. False for a connection that the client gives up, because it does not wait. */
      readonly wasClean: boolean;
    }
  | { readonly type: 'unhandled'; readonly frame: string }
  /** A result for an operation that is not, or no longer, subscribed. */
  | { readonly type: 'orphaned'; readonly id: string };

/** Receives the events of one socket, also after the last subscriber of that socket left. */
export interface EventSink {
  /** Whether anybody reads the events. If not, only `opened` and `closed` need to be told. */
  readonly observed: boolean;
  next(event: SocketOccurrence): void;
  /** Nothing is left of the socket. */
  complete(): void;
}
