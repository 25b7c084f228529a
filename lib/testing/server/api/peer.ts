import type { IncomingHttpHeaders } from 'node:http';
import type { Observable } from 'rxjs';

/** The names that go into `Sec-WebSocket-Protocol`: `graphql-ws` is the legacy Apollo protocol. */
export type Subprotocol = 'graphql-transport-ws' | 'graphql-ws';

/** A message as it is on the wire, in either protocol. */
export interface WireMessage {
  readonly type: string;
  readonly id?: unknown;
  readonly payload?: unknown;
}

/** A frame to send: text as it is, bytes as a binary frame, a message as JSON. */
export type Frame = string | Uint8Array | WireMessage;

/** An HTTP request to upgrade to a WebSocket. */
export interface UpgradeRequest {
  /** Path and query, as requested. */
  readonly url: string;
  readonly headers: IncomingHttpHeaders;
  /** The subprotocols that the client offers, in its order. */
  readonly subprotocols: readonly string[];
}

/** An HTTP answer instead of an upgrade. */
export interface HttpRefusal {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
}

/** The answer of `authorize`: nothing or `true` upgrades, `false` answers 401. */
// eslint-disable-next-line @typescript-eslint/no-invalid-void-type -- so that a callback may return nothing
export type UpgradeVerdict = void | undefined | boolean | HttpRefusal;

/** A handshake that the server refuses. */
export interface Rejection {
  /** Payload of the legacy `connection_error`. The current protocol has no message for it. */
  readonly reject: unknown;
  /** Code of the close that follows; `false` leaves the socket open. @defaultValue 4403, on the legacy protocol 1011 */
  readonly code?: number | false;
  /** Reason of the close that follows. @defaultValue `'Forbidden'` */
  readonly reason?: string;
}

/** The answer of `connect`: nothing or `true` acknowledges the `connection_init`, `false` refuses it. */
// eslint-disable-next-line @typescript-eslint/no-invalid-void-type -- so that a callback may return nothing
export type ConnectVerdict = void | undefined | boolean | { readonly ack: unknown } | Rejection;

/** A value, or a promise or Observable of it. The first value counts. */
export type Eventually<T> = T | PromiseLike<T> | Observable<T>;

/** Faults of open sockets: those of a peer act on its socket, those of the server on every socket that is open now. Later ones work. */
export interface SocketFaults {
  /** Sends raw frames, several in one TCP segment as far as they fit. Does nothing on a socket that is closed, silent or stalled. */
  send(...frames: readonly Frame[]): void;
  /**
   * Ends the operations and starts the closing handshake. The server drops a client that does not answer within 2000 ms.
   * @param code - 1000–1003, 1007–1014 or 3000–4999; default none
   * @param reason - at most 123 bytes
   * @throws TypeError when a close frame cannot carry the code or the reason
   */
  close(code?: number, reason?: string): void;
  /** Ends the TCP connection without a close frame: the client sees 1006. */
  drop(): void;
  /** Stops sending and reading for good. Unlike `halfOpen`, it drops what it would send, and never heals. */
  stall(): void;
  /**
   * Breaks the network without telling the client: the server neither reads nor sends. Once it has healed, everything that was held back
   * goes through, in both directions. `drop()` still works.
   * @param forMs - ms until it heals; default until `resume()`
   */
  halfOpen(forMs?: number): void;
  /** Hangs the application for so many ms, or until `resume()`: the server reads, and sends nothing but the answers to pings. */
  silence(forMs?: number): void;
  /** Ends `halfOpen` and `silence`. */
  resume(): void;
}

/** Faults of sockets that are not open yet. */
export interface ArrivalFaults {
  /**
   * Answers the next dials with HTTP instead of upgrading. Calls queue up: each dial takes the first answer that is left.
   * @param refusal - the answer: `{ status: 503, headers: { 'Retry-After': '7' } }`, for example
   * @param times - the number of dials, or `Infinity` until `accept()`; default 1
   * @throws TypeError when HTTP does not allow the status or a header, or `times` is neither a whole number ≥ 1 nor `Infinity`
   */
  failDials(refusal: HttpRefusal, times?: number): void;
  /**
   * Refuses the handshakes to come, until `accept()`.
   * @param payload - payload of the legacy `connection_error`; default `{ message: 'Forbidden' }`
   * @param close - code and reason of the close that follows; default 4403 (legacy: 1011) and `'Forbidden'`; `code: false` does not close
   * @throws TypeError when a close frame cannot carry the code or the reason
   */
  reject(payload?: unknown, close?: Omit<Rejection, 'reject'>): void;
  /** Ends `failDials` and `reject`. It does not end `throttle()`. */
  accept(): void;
  /** Drops every socket as `stop()` does, and listens again after so many ms (default 0): resolves then, or when the server was stopped. */
  restart(downFor?: number): Promise<void>;
}

/** Control of the option `tokens`. */
export interface TokenControls {
  /** Closes open sockets with 4403, and later dials with a token used so far get 401. @throws Error without the option `tokens` */
  expireToken(): void;
  /** Refuses later dials with a token used so far with 403. Open sockets stay open. @throws Error without the option `tokens` */
  revokeToken(): void;
}

/** Control of `POST /graphql`. */
export interface Throttle {
  /**
   * Answers POSTs with 429, at once.
   * @param times - the number of POSTs, or `Infinity` until `throttle(0)`; default 1. `accept()` does not end it.
   * @param retryAfter - the header `Retry-After`, in seconds; default 5
   * @throws TypeError when an argument is no whole number ≥ 0; `times` may be `Infinity`
   */
  throttle(times?: number, retryAfter?: number): void;
}

/** Faults that a test can cause at any time. Each is also a step of `script()`. */
export interface ServerFaults extends SocketFaults, ArrivalFaults, TokenControls, Throttle {}

/** The client at the other end of one WebSocket. Its faults act on this socket alone. */
export interface Peer extends SocketFaults {
  /** The number of the socket, from 1 on. */
  readonly connection: number;
  /** Path and query of the upgrade request. */
  readonly url: string;
  /** Headers of the upgrade request. */
  readonly headers: IncomingHttpHeaders;
  /** The subprotocol in the response header, an empty string for none. */
  readonly subprotocol: string;
  /** Every frame as text, from the first on; completes when the socket has closed. */
  readonly frames$: Observable<string>;
  /** Every message, from the first on; completes when the socket has closed. A frame that is no message is in `frames$` alone. */
  readonly received$: Observable<WireMessage>;
  /** Emits the close code and reason received (1005 for none, 1006 without a close frame), then completes; to late subscribers too. */
  readonly closed$: Observable<{ readonly code: number; readonly reason: string }>;
  /** Takes the next message that no `read` has taken yet. @throws Error when it has another `type`, or the socket closes before it */
  read(type?: string): Promise<WireMessage>;
  /** Takes the messages that no `read` has taken yet, until the socket closes. */
  [Symbol.asyncIterator](): AsyncIterator<WireMessage>;
}

type FaultSteps<F> = {
  readonly [K in keyof F]: F[K] extends (...args: infer Args extends readonly unknown[]) => unknown
    ? (...args: Args) => FaultScript<F>
    : never;
};

/**
 * A timed script: each fault of the server is a step here. You can add steps at any time; an overdue step acts at once. A step that throws
 * ends the script. The arguments of a step are checked when it is added, except within `oneOf`.
 * @example
 * ```ts
 * const { done } = server.script().at(3_000).halfOpen().at(8_000).restart(2_000);
 * await done;
 * ```
 */
export type FaultScript<F = ServerFaults> = FaultSteps<F> & {
  /** Sets the time of the following steps, in ms since the call of `script()`. @throws RangeError for a time before that of earlier steps */
  at(ms: number): FaultScript<F>;
  /** Adds one of several steps, drawn by the server's `seed`, such as `({ drop }) => drop()`. @throws RangeError without a step */
  oneOf(...steps: readonly ((server: F) => unknown)[]): FaultScript<F>;
  /** Resolves when every step so far was taken, or the server has stopped; rejects with the error of a step. Unread: see `finished()`. */
  readonly done: Promise<void>;
};
