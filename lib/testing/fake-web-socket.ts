import { asyncScheduler } from 'rxjs';
import { checkClose, subprotocolRefusal, tooLong } from './refusals.js';
import { withGetters } from './with-getters.js';

/** How the client ended a socket. */
export interface ClientClose {
  /** ms since the epoch; the frame in virtual time. */
  readonly at: number;
  /** The code given to `close()`, if any; `'terminated'` for `terminate()` of `ws`, and for a refused subprotocol. */
  readonly code: number | 'terminated' | undefined;
  readonly reason: string;
}

type Handler = ((event: object) => void) | null | undefined;
type Listener = (...values: readonly unknown[]) => void;

export const [CONNECTING, CLOSED] = [0, 3];
const [OPEN, CLOSING] = [1, 2];

/** ms that the client's close frame and its answer take. */
const roundTrip = 1;

interface Options {
  readonly offered: readonly string[];
  /** Bytes; a longer frame ends the socket as `ws` does. */
  readonly maxPayload: number;
  readonly ws: boolean;
  readonly answerPings: boolean;
  readonly onSend: (text: string) => void;
}

/** A WebSocket without a network: the client's socket, and the controls of its server. */
export class FakeWebSocket {
  readonly socket = {
    readyState: CONNECTING,
    protocol: '',
    ...({ onopen: null, onmessage: null, onerror: null, onclose: null } as {
      [K in 'onopen' | 'onmessage' | 'onerror' | 'onclose']: Handler;
    }),
    send: (text: string) => {
      if (this.#mustBeOpen()) this.#options.onSend(text);
    },
    close: (code?: number, reason = '') => {
      checkClose(code, reason);
      this.#leave(code, reason, () => {
        if (this.#answers) this.#arrive(() => this.#close(code ?? 1005, reason, true, roundTrip));
      });
    },
  };
  readonly closes: ClientClose[] = [];
  readonly pings: number[] = [];
  readonly #options: Options;
  readonly #listeners: { readonly event: string; readonly listener: Listener }[] = [];
  readonly #waiting: (() => void)[] = [];
  #paused = false;
  #answers = true;
  #opened = false;
  #ended = false;
  #established = false;

  constructor(options: Options) {
    this.#options = options;
    if (!options.ws) return;
    Object.assign(this.socket, this.#membersOfWs());
    withGetters(this.socket, { isPaused: this.isPaused });
  }

  readonly isPaused = () => this.#paused;

  readonly controls = {
    open: (subprotocol = this.#options.offered[0] ?? '') => {
      if (this.#opened || this.#ended)
        throw new Error('open(): this socket was opened or closed before');
      this.#opened = true;
      if (this.socket.readyState === CONNECTING) this.#open(subprotocol);
    },
    send: (...frames: readonly unknown[]) => {
      if (!this.#opened) throw new Error('nothing can be sent before open()');
      for (const frame of frames) if (!this.#ended) this.#receive(frame);
    },
    close: (code = 1005, reason = '', wasClean = code !== 1006) => {
      this.#ended = true;
      this.#arrive(() => {
        if (wasClean && this.socket.readyState === OPEN) this.socket.readyState = CLOSING;
        this.#close(code, reason, wasClean);
      });
    },
    drop: () => this.controls.close(1006),
    fail: (error?: unknown) => {
      this.#ended = true;
      this.#arrive(() => this.#fail(error));
    },
    ignoreClose: () => {
      this.#answers = false;
    },
    emit: (event: string, ...values: readonly unknown[]) => {
      if (!this.#options.ws)
        throw new Error(`emit(): only ws has an event "${event}": fakeSocket({ ws: true })`);
      this.#emit(event, ...values);
    },
  };

  #open(subprotocol: string): void {
    const refusal = subprotocolRefusal(this.#options.offered, subprotocol);
    if (refusal) {
      this.#note('terminated', refusal.message);
      this.#fail(refusal);
      return;
    }
    this.#established = true;
    Object.assign(this.socket, { readyState: OPEN, protocol: subprotocol });
    this.socket.onopen?.({ type: 'open' });
  }

  #receive(frame: unknown): void {
    const isRaw = typeof frame !== 'object' || frame === null || isBytes(frame);
    const data = isRaw ? frame : JSON.stringify(frame);
    this.#arrive(() => {
      if (!this.#established || this.socket.readyState === CLOSED) return;
      const error = tooLong(data, this.#options.maxPayload);
      if (!error) this.socket.onmessage?.({ type: 'message', data });
      else {
        this.#established = false;
        this.#leave(1009, '', () => this.#fail(error));
      }
    });
  }

  /** A client that has stopped reading hears of an event later, asynchronously and in order. */
  #arrive(event: () => void): void {
    if (this.#paused || this.#waiting.length > 0) this.#waiting.push(event);
    else event();
  }

  #emit(name: string, ...values: readonly unknown[]): void {
    this.#arrive(() => {
      for (const { event, listener } of this.#listeners) if (event === name) listener(...values);
    });
  }

  #membersOfWs() {
    const read = () => {
      while (!this.#paused && this.#waiting.length > 0) this.#waiting.shift()?.();
    };
    return {
      on: (event: string, listener: Listener) => void this.#listeners.push({ event, listener }),
      pause: () => {
        this.#paused = true;
      },
      resume: () => {
        this.#paused = false;
        if (this.#waiting.length > 0) asyncScheduler.schedule(read);
      },
      ping: () => {
        if (!this.#mustBeOpen()) return;
        this.pings.push(asyncScheduler.now());
        if (this.#answers && this.#options.answerPings)
          asyncScheduler.schedule(() => this.#emit('pong'));
      },
      terminate: () => this.#leave('terminated', '', () => this.#close(1006, '', false)),
    };
  }

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

function isBytes(value: object): boolean {
  // by its tag: test environments have globals of their own
  const tag = Object.prototype.toString.call(value);
  return tag === '[object ArrayBuffer]' || tag === '[object Blob]' || ArrayBuffer.isView(value);
}
