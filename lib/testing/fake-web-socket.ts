import type { WebSocketLike } from 'rx-graphql-ws';
import { asyncScheduler } from 'rxjs';
import { checkClose } from './check-close.js';
import { CLOSED, CLOSING, CONNECTING, createFakeClient, endsOf, OPEN } from './fake-client.js';
import { createUnread } from './unread.js';
import { createWsEvents } from './ws-events.js';

/** How the client ended a socket: the code that it gave to `close`, if any, or `'terminated'` for `terminate()` of `ws`. */
export interface ClientClose {
  /** ms since the epoch; in virtual time the frame. */
  readonly at: number;
  readonly code: number | 'terminated' | undefined;
  readonly reason: string;
}

/** A WebSocket without a network: what the client holds, and the hand behind it. */
export interface FakeWebSocket {
  readonly socket: WebSocketLike;
  /** How the client ended it: every call. */
  readonly closes: readonly ClientClose[];
  /** When `ws` was asked to ping; ms since the epoch. */
  readonly pings: readonly number[];
  /** Whether the client has stopped reading: of what follows, all but `open` waits until it goes on. */
  readonly paused: boolean;
  /** The `open` event, if the client has not left. */
  open(subprotocol: string): void;
  /** A `message` event, if the socket is open, or was and is closing. */
  receive(data: unknown): void;
  /** The `close` event, asynchronously; with a close frame (`wasClean`) the socket is CLOSING at once. */
  end(code: number, reason: string, wasClean: boolean): void;
  /** The `error` event and then the `close` event with 1006, each asynchronously. */
  fail(error: unknown): void;
  /** From now on the client's close frame finds no answer. */
  ignoreClose(): void;
  /** An event that `ws` alone has: `upgrade`, `unexpected-response`, `pong`. */
  emit(event: string, ...values: readonly unknown[]): void;
}

/** Hears what the client sends. */
export type OnSend = (text: string) => void;

/** ms that a client's close frame and its answer take. */
const roundTrip = 1;

/**
 * A socket that is CONNECTING.
 *
 * @param onSend - hears what the client sends
 * @param ws - whether it has what `ws` has besides a browser's WebSocket: `on`, `ping`, `terminate`, `pause`, `resume`
 */
export function createFakeWebSocket(onSend: OnSend, ws: boolean): FakeWebSocket {
  const closes: ClientClose[] = [];
  const events = createWsEvents(ws);
  const unread = createUnread();
  let established = false;
  let answersClose = true;
  const leave = (code: ClientClose['code'], reason: string, end: () => void) => {
    closes.push({ at: asyncScheduler.now(), code, reason });
    const connecting = socket.readyState === CONNECTING;
    socket.readyState = Math.max(socket.readyState, CLOSING);
    if (connecting) fail(new Error('closed before the connection was established'));
    else end();
  };
  const socket = {
    ...createFakeClient(),
    ...events.ofWs,
    send: (text: string) => {
      if (socket.readyState === CONNECTING) throw new Error('still in CONNECTING state');
      if (socket.readyState === OPEN) onSend(text);
    },
    close: (code?: number, reason = '') => {
      checkClose(code, reason);
      leave(code, reason, () => {
        if (!answersClose) return;
        unread.arrive(() => {
          end(code ?? 1005, reason, true, roundTrip);
        });
      });
    },
    ...(ws && {
      pause: unread.pause,
      resume: unread.resume,
      terminate: () => {
        leave('terminated', '', () => {
          end(1006, '', false);
        });
      },
    }),
  };
  if (ws) Object.defineProperty(socket, 'isPaused', { get: () => unread.paused });
  const { end, fail } = endsOf(socket);
  return {
    socket,
    closes,
    pings: events.pings,
    emit: (event, ...values) => {
      unread.arrive(() => {
        events.emit(event, ...values);
      });
    },
    open: (subprotocol) => {
      if (socket.readyState !== CONNECTING) return;
      established = true;
      socket.readyState = OPEN;
      socket.protocol = subprotocol;
      socket.onopen?.({ type: 'open' });
    },
    get paused() {
      return unread.paused;
    },
    receive: (data) => {
      unread.arrive(() => {
        if (established && socket.readyState !== CLOSED)
          socket.onmessage?.({ type: 'message', data });
      });
    },
    end: (code, reason, wasClean) => {
      unread.arrive(() => {
        if (wasClean && socket.readyState === OPEN) socket.readyState = CLOSING;
        end(code, reason, wasClean);
      });
    },
    fail: (error) => {
      unread.arrive(() => {
        fail(error);
      });
    },
    ignoreClose: () => {
      answersClose = false;
    },
  };
}
