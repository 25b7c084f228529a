import type { WebSocketLike } from 'rx-graphql-ws';
import { asyncScheduler } from 'rxjs';
import { utf8Length } from './utf8-length.js';

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
  /** The `open` event. */
  open(subprotocol: string): void;
  /** A `message` event. */
  receive(data: unknown): void;
  /** The `close` event, asynchronously. */
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
type Listener = (...values: readonly unknown[]) => void;

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
  const pings: number[] = [];
  const listeners = new Map<string, Listener>();
  let answersClose = true;
  const later = (work: () => void, ms = 0) => void asyncScheduler.schedule(work, ms);
  const leave = (code: ClientClose['code'], reason: string) => {
    closes.push({ at: asyncScheduler.now(), code, reason });
    socket.readyState = Math.max(socket.readyState, CLOSING);
  };
  const closed = (code: number, reason: string, wasClean: boolean) => {
    if (socket.readyState === CLOSED) return;
    socket.readyState = CLOSED;
    socket.onclose?.({ type: 'close', code, reason, wasClean });
  };
  const end: FakeWebSocket['end'] = (code, reason, wasClean) => {
    later(() => {
      closed(code, reason, wasClean);
    });
  };
  const fail = (error: unknown) => {
    later(() => {
      if (socket.readyState === CLOSED) return;
      socket.onerror?.({ type: 'error', error });
      end(1006, '', false);
    });
  };
  const socket = {
    readyState: CONNECTING,
    protocol: '',
    onopen: null as Handler,
    onmessage: null as Handler,
    onerror: null as Handler,
    onclose: null as Handler,
    send: (text: string) => {
      if (socket.readyState === CONNECTING) throw new Error('still in CONNECTING state');
      if (socket.readyState === OPEN) onSend(text);
    },
    close: (code?: number, reason = '') => {
      checkClose(code, reason);
      const connecting = socket.readyState === CONNECTING;
      leave(code, reason);
      if (connecting) fail(new Error('closed before the connection was established'));
      else if (answersClose)
        later(() => {
          closed(code ?? 1005, reason, true);
        }, roundTrip);
    },
    ...(ws && {
      on: (event: string, listener: Listener) => void listeners.set(event, listener),
      ping: () => void pings.push(asyncScheduler.now()),
      terminate: () => {
        const connecting = socket.readyState === CONNECTING;
        leave('terminated', '');
        if (connecting) fail(new Error('closed before the connection was established'));
        else end(1006, '', false);
      },
    }),
  };
  return {
    socket,
    closes,
    pings,
    open: (subprotocol) => {
      socket.readyState = OPEN;
      socket.protocol = subprotocol;
      socket.onopen?.({ type: 'open' });
    },
    receive: (data) => socket.onmessage?.({ type: 'message', data }),
    end,
    fail,
    ignoreClose: () => {
      answersClose = false;
    },
    emit: (event, ...values) => listeners.get(event)?.(...values),
  };
}

/** As browsers do: RFC 6455, sections 5.5.1 and 7.4.2. */
function checkClose(code: number | undefined, reason: string): void {
  const legal = code === undefined || code === 1000 || (code >= 3000 && code <= 4999);
  if (!legal) throw new RangeError(`close code ${code}: a client may give 1000 or 3000 to 4999`);
  if (utf8Length(reason) > 123) throw new RangeError('close reason of more than 123 bytes');
}
