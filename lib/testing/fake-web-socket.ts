import { asyncScheduler } from 'rxjs';
import { checkClose, subprotocolRefusal, tooLong } from './refusals.js';
import { createSocketEvents } from './socket-events.js';
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

export function createFakeWebSocket(parts: FakeWebSocketParts) {
  return new Wire(parts);
}

class Wire {
  readonly socket = {
    readyState: CONNECTING,
    protocol: '',
    ...({ onopen: null, onmessage: null, onerror: null, onclose: null } as {
      [K in 'onopen' | 'onmessage' | 'onerror' | 'onclose']: Handler;
    }),
    send: (text: string) => {
      if (this.#mustBeOpen()) this.#parts.onSend(text);
    },
    close: (code?: number, reason = '') => {
      checkClose(code, reason);
      this.#leave(code, reason, () => {
        if (this.#answers)
          this.#events.arrive(() => this.#close(code ?? 1005, reason, true, roundTrip));
      });
    },
  };
  /** Every call by which the client ended the socket. */
  readonly closes: ClientClose[] = [];
  /** The times of the client's WebSocket pings (`ws` only), in ms since the epoch. */
  readonly pings: number[] = [];
  readonly #parts: FakeWebSocketParts;
  readonly #events = createSocketEvents();
  #established = false;
  #answers = true;

  constructor(parts: FakeWebSocketParts) {
    this.#parts = parts;
    if (!parts.ws) return;
    Object.assign(this.socket, this.#membersOfWs());
    withGetters(this.socket, { isPaused: this.#events.isPaused });
  }

  /** Whether the client has stopped reading. Then all events except `open` wait. */
  isPaused(): boolean {
    return this.#events.isPaused();
  }

  /** Fires `open`, unless the client has left or must refuse the subprotocol. */
  open(subprotocol: string): void {
    const { socket } = this;
    if (socket.readyState !== CONNECTING) return;
    const refusal = subprotocolRefusal(this.#parts.offered, subprotocol);
    if (refusal) {
      this.#note('terminated', refusal.message);
      this.#fail(refusal);
      return;
    }
    this.#established = true;
    socket.readyState = OPEN;
    socket.protocol = subprotocol;
    socket.onopen?.({ type: 'open' });
  }

  /** Fires `message`, while the socket is open or closing. */
  receive(data: unknown): void {
    this.#events.arrive(() => {
      if (!this.#established || this.socket.readyState === CLOSED) return;
      const error = tooLong(data, this.#parts.maxPayload);
      if (!error) this.socket.onmessage?.({ type: 'message', data });
      else {
        this.#established = false;
        this.#leave(1009, '', () => this.#fail(error));
      }
    });
  }

  /** Fires `close` asynchronously. With a close frame (`wasClean`) the socket is CLOSING at once. */
  end(code: number, reason: string, wasClean: boolean): void {
    this.#events.arrive(() => {
      if (wasClean && this.socket.readyState === OPEN) this.socket.readyState = CLOSING;
      this.#close(code, reason, wasClean);
    });
  }

  /** Fires `error`, then `close` with 1006, each asynchronously. */
  fail(error: unknown): void {
    this.#events.arrive(() => this.#fail(error));
  }

  ignoreClose(): void {
    this.#answers = false;
  }

  emit(event: string, ...values: readonly unknown[]): void {
    if (!this.#parts.ws)
      throw new Error(`emit(): only ws has an event "${event}": fakeSocket({ ws: true })`);
    this.#events.emit(event, ...values);
  }

  #membersOfWs() {
    return {
      ...this.#events.members,
      ping: () => {
        if (!this.#mustBeOpen()) return;
        this.pings.push(asyncScheduler.now());
        if (this.#answers && this.#parts.answerPings)
          asyncScheduler.schedule(() => this.#events.emit('pong'));
      },
      terminate: () => this.#leave('terminated', '', () => this.#close(1006, '', false)),
    };
  }

  /** @throws Error - the client sends before the socket opened */
  #mustBeOpen(): boolean {
    if (this.socket.readyState === CONNECTING) throw new Error('still in CONNECTING state');
    return this.socket.readyState === OPEN;
  }

  #leave(code: ClientClose['code'], reason: string, finish: () => void): void {
    const isEarly = this.socket.readyState === CONNECTING;
    this.#note(code, reason);
    if (isEarly) this.#fail(new Error('closed before the connection was established'));
    else finish();
  }

  #note(code: ClientClose['code'], reason: string): void {
    this.closes.push({ at: asyncScheduler.now(), code, reason });
    this.socket.readyState = Math.max(this.socket.readyState, CLOSING);
  }

  #fail(error: unknown): void {
    asyncScheduler.schedule(() => {
      if (this.socket.readyState === CLOSED) return;
      this.socket.onerror?.({ type: 'error', error });
      this.#close(1006, '', false);
    });
  }

  #close(code: number, reason: string, wasClean: boolean, ms = 0): void {
    asyncScheduler.schedule(() => {
      if (this.socket.readyState === CLOSED) return;
      this.socket.readyState = CLOSED;
      this.socket.onclose?.({ type: 'close', code, reason, wasClean });
    }, ms);
  }
}
