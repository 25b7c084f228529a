import { asyncScheduler, timer } from 'rxjs';
import type { WebSocketLike } from '../../lib/transport/web-socket-like.js';

/** A message, parsed. */
export interface Json {
  readonly type?: unknown;
  readonly [key: string]: unknown;
}

type Handler = ((event: Json) => void) | null | undefined;
const [CONNECTING, OPEN, CLOSING, CLOSED] = [0, 1, 2, 3];

/** What browsers have of a WebSocket, and the peer's hand on it. Its timers are rxjs timers: virtual where time is. */
export class FakeWebSocket implements WebSocketLike {
  readonly url: string;
  readonly offered: readonly string[];
  readonly options: unknown;
  readonly dialledAt = asyncScheduler.now();
  readyState = CONNECTING;
  protocol = '';
  onopen: Handler;
  onmessage: Handler;
  onerror: Handler;
  onclose: Handler;
  /** Frames that the client sent. */
  readonly sent: { readonly at: number; readonly text: string }[] = [];
  /** Calls of `close`; of `terminate` with the code `'terminated'`. */
  readonly closes: { readonly at: number; readonly code: unknown; readonly reason?: unknown }[] =
    [];
  /** False for a peer that does not answer a close frame. */
  answersClose = true;
  /** Told every message that the client sends. */
  onsend: ((message: Json) => void) | undefined;

  constructor(url: string, offered: readonly string[] = [], options?: unknown) {
    this.url = url;
    this.offered = offered;
    this.options = options;
  }

  /** What the client sent, parsed. */
  get messages(): readonly Json[] {
    return this.sent.map(({ text }) => JSON.parse(text) as Json);
  }

  send(text: string): void {
    if (this.readyState === CONNECTING) throw new Error('still in CONNECTING state');
    if (this.readyState !== OPEN) return;
    this.sent.push({ at: asyncScheduler.now(), text });
    this.onsend?.(JSON.parse(text) as Json);
  }

  close(code?: number, reason = ''): void {
    const legal = code === undefined || code === 1000 || (code >= 3000 && code <= 4999);
    if (!legal || Buffer.byteLength(reason) > 123) throw new Error('illegal close');
    this.closes.push({ at: asyncScheduler.now(), code, reason });
    if (this.readyState === CONNECTING) timer(0).subscribe(() => this.fail());
    else if (this.answersClose) timer(1).subscribe(() => this.end(code ?? 1005, reason));
    this.readyState = Math.max(this.readyState, CLOSING);
  }

  open(subprotocol = this.offered[0] ?? ''): void {
    if (this.readyState !== CONNECTING) return;
    this.readyState = OPEN;
    this.protocol = subprotocol;
    this.onopen?.({ type: 'open' });
  }

  /** Frames in one tick: strings and buffers as they are, objects as JSON. */
  receive(...frames: (string | object)[]): void {
    for (const frame of frames) {
      if (this.readyState === CONNECTING || this.readyState === CLOSED) return;
      const raw = typeof frame === 'string' || frame instanceof ArrayBuffer;
      this.onmessage?.({ type: 'message', data: raw ? frame : JSON.stringify(frame) });
    }
  }

  /** The socket's `close` event; 1006 is a drop. */
  end(code = 1006, reason = '', wasClean = code !== 1006): void {
    if (this.readyState === CLOSED) return;
    this.readyState = CLOSED;
    this.onclose?.({ type: 'close', code, reason, wasClean });
  }

  /** `error`, then `close` with 1006: never both at once. */
  fail(error?: unknown): void {
    if (this.readyState === CLOSED) return;
    this.onerror?.({ type: 'error', error });
    timer(0).subscribe(() => this.end());
  }
}

/** What `ws` has besides. */
export class FakeWs extends FakeWebSocket {
  readonly pings: number[] = [];
  readonly #listeners = new Map<string, (...values: never[]) => void>();

  on(event: string, listener: (...values: never[]) => void): void {
    this.#listeners.set(event, listener);
  }

  emit(event: string, ...values: unknown[]): void {
    this.#listeners.get(event)?.(...(values as never[]));
  }

  ping(): void {
    this.pings.push(asyncScheduler.now());
  }

  terminate(): void {
    this.closes.push({ at: asyncScheduler.now(), code: 'terminated' });
    const connecting = this.readyState === CONNECTING;
    timer(0).subscribe(() => (connecting ? this.fail() : this.end()));
    this.readyState = Math.max(this.readyState, CLOSING);
  }
}
