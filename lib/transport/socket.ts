import type { Observable, Unsubscribable } from 'rxjs';
import { identity, noop } from 'rxjs';
import type { GraphQLSocketError } from '../errors.js';
import { ConnectionClosedError } from '../errors.js';
import type { Frame } from '../protocol/payload.js';
import type { EventSink } from './events.js';
import type { AttemptContext } from './resolve-options.js';
import type { Variables } from '../types.js';
import { defaultSubprotocols } from './address.js';

/* eslint-disable @typescript-eslint/no-explicit-any -- handler types differ between the DOM, ws and undici; `any` fits them all */
/** The members of a WebSocket that are used: those of the DOM, of `ws` and of undici fit. */
export interface WebSocketLike {
  readonly readyState: number;
  readonly protocol: string;
  send(data: string): void;
  close(code?: number, reason?: string): void;
  onopen: any;
  onmessage: any;
  onerror: any;
  onclose: any;
}

/** A constructor of such sockets. `options` is the third argument of `ws`. */
export interface WebSocketConstructor {
  new (url: string, protocols?: string[], options?: any): WebSocketLike;
}

/** A socket with the members that only `ws` has. */
export interface RawSocket extends WebSocketLike {
  on?(event: string, listener: (...values: never[]) => void): unknown;
  terminate?(): void;
  ping?(): void;
  /** Whether it has stopped reading; undefined where it cannot stop. */
  readonly isPaused?: boolean;
  pause?(): void;
  resume?(): void;
}
/* eslint-enable @typescript-eslint/no-explicit-any */

/** The options of one dial, with every function and Observable resolved. */
export interface SocketOptions {
  readonly url: string | URL;
  readonly subprotocols: readonly string[];
  readonly webSocketImpl?: WebSocketConstructor | undefined;
  readonly webSocketOptions?: Variables | undefined;
  readonly connectTimeout?: number | false | undefined;
  readonly closeTimeout?: number | undefined;
  /** Subprotocols that are spoken and may be shown besides the built-in ones. Any other name may be a credential. Undefined if it is not known. */
  readonly dialects?: readonly string[] | undefined;
}

/** An open WebSocket. */
export interface OpenSocket {
  /** The subprotocol that the server selected; empty if none. */
  readonly subprotocol: string;
  /** Text of each frame; hot. Completes when the socket has closed. */
  readonly frames$: Observable<string>;
  /** Sends a frame; does nothing once the socket closes. */
  send(frame: string): void;
}

/** Reads the frames of one socket. */
export interface FrameReader {
  readonly next: (frame: Frame) => void;
  /** The frames of a socket that somebody else made have failed. */
  readonly error: (error: GraphQLSocketError) => void;
  /** The socket is over. Its source goes on: it errors, or emits another socket. */
  readonly complete: () => void;
}

/** One attempt of `openSocket`, and what the later stages tell of it. */
export interface SocketSession {
  /** A function, because the error leads to the socket before, which must be collected. */
  attempt(): AttemptContext;
  /** The subprotocols that the user asked for. The server was offered these, or fewer. */
  readonly requested: readonly string[];
  /** The payload of `connection_init`, where it was resolved together with the URL; null if there is none. */
  readonly connectionParams?: Variables | null | undefined;
  readonly events: EventSink;
  /** A frame has come. */
  heard(): void;
  /** The server has acknowledged the connection. */
  acknowledged(): void;
  /** The connection has proven itself: the next failure is the first in a row. */
  settled(): void;
  /** A later stage gives the socket up. Returns the error to report: the first one, if a second dial was made over a mere drop and told nothing. */
  failed(error: GraphQLSocketError): GraphQLSocketError;
}

/** A socket of `openSocket`, as the later stages use it. */
export interface LiveSocket extends OpenSocket {
  /** A function, because a consumer that prints the socket must not see credentials. */
  session(): SocketSession;
  /** Reads the frames without a stream in between, and long ones without decoding them. */
  read(reader: FrameReader): Unsubscribable;
  /** `frames$` as it was made. A user may have put another stream in its place, and that one is read then. */
  readonly ownFrames$: Observable<string> | undefined;
  /** Releases the socket because of an error, which is told to the next attempt, and returns the error to report. Without a code no close frame is sent. */
  close(error: GraphQLSocketError, code?: number, reason?: string): GraphQLSocketError;
  /** Whether its end has begun: a frame that is sent now gets nowhere. */
  isClosing(): boolean;
  /** Sends a ping of the WebSocket protocol (`ws` only, like all below). */
  readonly ping?: (() => void) | undefined;
  /** Pings and pongs of the WebSocket protocol that the server sent. */
  readonly heartbeat$?: Observable<'ping' | 'pong'> | undefined;
  /** Stops reading. Frames that were read already are still delivered. */
  readonly pause?: (() => void) | undefined;
  readonly resume?: (() => void) | undefined;
}

/** Events of a socket that no socket object follows. */
export const noEvents: EventSink = { observed: false, next: noop, complete: noop };

/** The socket itself if `openSocket` made it, otherwise one with defaults for what is not known of it. */
export function adaptSocket(socket: OpenSocket): LiveSocket {
  const { frames$, subprotocol } = socket;
  const given = socket as LiveSocket;
  const isOurs = 'session' in socket;
  if (isOurs && given.ownFrames$ === frames$) return given;
  return {
    ownFrames$: undefined,
    session: () => ({
      attempt: () => ({ attempt: 0, error: undefined }),
      requested: defaultSubprotocols,
      events: noEvents,
      heard: noop,
      acknowledged: noop,
      settled: noop,
      failed: identity,
    }),
    close: identity,
    isClosing: () => false,
    ...socket,
    subprotocol,
    frames$,
    send(frame) {
      socket.send(frame);
    },
    read: ({ next, error, complete }) =>
      frames$.subscribe({
        next,
        error,
        complete() {
          // a socket of ours is over when its frames are: its source says why, or emits another
          if (isOurs && given.isClosing()) complete();
          else error(new ConnectionClosedError(1006, '', false));
        },
      }),
  };
}
