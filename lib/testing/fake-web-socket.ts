import type { WebSocketLike } from 'rx-graphql-ws';
import { asyncScheduler } from 'rxjs';
import { checkClose } from './check-close.js';
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

type Handler = ((event: object) => void) | null | undefined;

const [CONNECTING, OPEN, CLOSING, CLOSED] = [0, 1, 2, 3];
/** ms that a client's close frame and its answer take. */
const roundTrip = 1;

/**
 * A socket that is CONNECTING.
 *
 * @param onSend - hears what the client sends
 * @param ws - whether it has what `ws` has besides a browser's WebSocket: `on`, `ping`, `terminate`
 */
export function createFakeWebSocket(onSend: OnSend, ws: boolean): FakeWebSocket {
  const closes: ClientClose[] = [];
  const events = createWsEvents(ws);
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
    ...createClient(),
    ...events.ofWs,
    send: (text: string) => {
      if (socket.readyState === CONNECTING) throw new Error('still in CONNECTING state');
      if (socket.readyState === OPEN) onSend(text);
    },
    close: (code?: number, reason = '') => {
      checkClose(code, reason);
      leave(code, reason, () => {
        if (answersClose) end(code ?? 1005, reason, true, roundTrip);
      });
    },
    ...(ws && {
      terminate: () => {
        leave('terminated', '', () => {
          end(1006, '', false);
        });
      },
    }),
  };
  const { end, fail } = endsOf(socket);
  return {
    socket,
    closes,
    pings: events.pings,
    emit: events.emit,
    open: (subprotocol) => {
      if (socket.readyState !== CONNECTING) return;
      established = true;
      socket.readyState = OPEN;
      socket.protocol = subprotocol;
      socket.onopen?.({ type: 'open' });
    },
    receive: (data) => {
      if (established && socket.readyState !== CLOSED)
        socket.onmessage?.({ type: 'message', data });
    },
    end: (code, reason, wasClean) => {
      if (wasClean && socket.readyState === OPEN) socket.readyState = CLOSING;
      end(code, reason, wasClean);
    },
    fail,
    ignoreClose: () => {
      answersClose = false;
    },
  };
}

function createClient() {
  return {
    readyState: CONNECTING,
    protocol: '',
    onopen: null as Handler,
    onmessage: null as Handler,
    onerror: null as Handler,
    onclose: null as Handler,
  };
}

/** How its client hears of its end: asynchronously, and once. */
function endsOf(socket: ReturnType<typeof createClient>) {
  const end = (code: number, reason: string, wasClean: boolean, ms = 0) => {
    asyncScheduler.schedule(() => {
      if (socket.readyState === CLOSED) return;
      socket.readyState = CLOSED;
      socket.onclose?.({ type: 'close', code, reason, wasClean });
    }, ms);
  };
  const fail = (error: unknown) => {
    asyncScheduler.schedule(() => {
      if (socket.readyState === CLOSED) return;
      socket.onerror?.({ type: 'error', error });
      end(1006, '', false);
    });
  };
  return { end, fail };
}
