import { asyncScheduler } from 'rxjs';
import { subprotocolRefusal, tooLong, utf8Length } from './refusals.js';
import { withGetters } from './with-getters.js';

/** How the client ended a socket. */
export interface ClientClose {
  /** ms since the epoch; the frame in virtual time. */
  readonly at: number;
  /** The code given to `close()`, if any; `'terminated'` for `terminate()` of `ws`, and for a refused subprotocol. */
  readonly code: number | 'terminated' | undefined;
  readonly reason: string;
}

/** A WebSocket without a network: the client's socket, and the controls of its server. */
export type FakeWebSocket = ReturnType<typeof createFakeWebSocket>;

type Handler = ((event: object) => void) | null | undefined;
type Listener = (...values: readonly unknown[]) => void;

export const [CONNECTING, CLOSED] = [0, 3];
const [OPEN, CLOSING] = [1, 2];

/** ms that the client's close frame and its answer take. */
const roundTrip = 1;

interface FakeWebSocketParts {
  readonly offered: readonly string[];
  /** Bytes; a longer frame ends the socket as `ws` does. */
  readonly maxPayload: number;
  /** Whether the socket has the further members of `ws`: `on`, `ping`, `terminate`, `pause`, `resume`. */
  readonly ws: boolean;
  /** Whether the server answers WebSocket pings. */
  readonly answerPings: boolean;
  /** Receives each frame of the client. */
  readonly onSend: (text: string) => void;
}

/** Creates a socket that is CONNECTING. */
export function createFakeWebSocket(parts: FakeWebSocketParts) {
  const { offered, maxPayload, ws, answerPings, onSend } = parts;
  const closes: ClientClose[] = [];
  const pings: number[] = [];
  const listeners: { readonly event: string; readonly listener: Listener }[] = [];
  const { arrive, pause, resume, isPaused } = createInbox();
  let established = false;
  let answers = true;
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
  const leave = (code: ClientClose['code'], reason: string, finish: () => void) => {
    closes.push({ at: asyncScheduler.now(), code, reason });
    const connecting = socket.readyState === CONNECTING;
    socket.readyState = Math.max(socket.readyState, CLOSING);
    if (connecting) fail(new Error('closed before the connection was established'));
    else finish();
  };
  const emit = (event: string, ...values: readonly unknown[]) =>
    arrive(() => {
      for (const entry of listeners) if (entry.event === event) entry.listener(...values);
    });
  const socket = {
    readyState: CONNECTING,
    protocol: '',
    ...({ onopen: null, onmessage: null, onerror: null, onclose: null } as {
      [K in 'onopen' | 'onmessage' | 'onerror' | 'onclose']: Handler;
    }),
    send: (text: string) => {
      if (socket.readyState === CONNECTING) throw new Error('still in CONNECTING state');
      if (socket.readyState === OPEN) onSend(text);
    },
    close: (code?: number, reason = '') => {
      checkClose(code, reason);
      leave(code, reason, () => {
        if (answers) arrive(() => end(code ?? 1005, reason, true, roundTrip));
      });
    },
    ...(ws && {
      on: (event: string, listener: Listener) => void listeners.push({ event, listener }),
      ping: () => {
        if (socket.readyState === CONNECTING) throw new Error('still in CONNECTING state');
        if (socket.readyState !== OPEN) return;
        pings.push(asyncScheduler.now());
        if (answers && answerPings) asyncScheduler.schedule(() => emit('pong'));
      },
      pause,
      resume,
      terminate: () => leave('terminated', '', () => end(1006, '', false)),
    }),
  };
  if (ws) withGetters(socket, { isPaused });
  return {
    socket,
    /** Every call by which the client ended the socket. */
    closes,
    /** The times of the client's WebSocket pings (`ws` only), in ms since the epoch. */
    pings,
    /** Whether the client has stopped reading. Then all events except `open` wait. */
    isPaused,
    /** Fires `open`, unless the client has left or must refuse the subprotocol. */
    open: (subprotocol: string) => {
      if (socket.readyState !== CONNECTING) return;
      const refusal = subprotocolRefusal(offered, subprotocol);
      if (refusal) {
        socket.readyState = CLOSING;
        closes.push({ at: asyncScheduler.now(), code: 'terminated', reason: refusal.message });
        fail(refusal);
        return;
      }
      established = true;
      socket.readyState = OPEN;
      socket.protocol = subprotocol;
      socket.onopen?.({ type: 'open' });
    },
    /** Fires `message`, while the socket is open or closing. */
    receive: (data: unknown) =>
      arrive(() => {
        if (!established || socket.readyState === CLOSED) return;
        const error = tooLong(data, maxPayload);
        if (!error) socket.onmessage?.({ type: 'message', data });
        else {
          established = false;
          leave(1009, '', () => fail(error));
        }
      }),
    /** Fires `close` asynchronously. With a close frame (`wasClean`) the socket is CLOSING at once. */
    end: (code: number, reason: string, wasClean: boolean) =>
      arrive(() => {
        if (wasClean && socket.readyState === OPEN) socket.readyState = CLOSING;
        end(code, reason, wasClean);
      }),
    /** Fires `error`, then `close` with 1006, each asynchronously. */
    fail: (error: unknown) => arrive(() => fail(error)),
    ignoreClose: () => {
      answers = false;
    },
    emit: (event: string, ...values: readonly unknown[]) => {
      if (!ws) throw new Error(`emit(): only ws has an event "${event}": fakeSocket({ ws: true })`);
      emit(event, ...values);
    },
  };
}

/** Holds events back while the client does not read. It hears them later, asynchronously and in order. */
function createInbox() {
  const waiting: (() => void)[] = [];
  let paused = false;
  const read = () => {
    while (!paused && waiting.length > 0) waiting.shift()?.();
  };
  return {
    isPaused: () => paused,
    arrive: (event: () => void) => {
      if (paused || waiting.length > 0) waiting.push(event);
      else event();
    },
    pause: () => {
      paused = true;
    },
    resume: () => {
      paused = false;
      if (waiting.length > 0) asyncScheduler.schedule(read);
    },
  };
}

/** Checks the arguments of a client's `close()` as browsers do: RFC 6455, sections 5.5.1 and 7.4.2. */
function checkClose(code: number | undefined, reason: string): void {
  const legal = code === undefined || code === 1000 || (code >= 3000 && code <= 4999);
  if (!legal) throw new RangeError(`close code ${code}: a client may give 1000 or 3000 to 4999`);
  if (utf8Length(reason) > 123) throw new RangeError('close reason of more than 123 bytes');
}
