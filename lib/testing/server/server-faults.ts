import type { HttpRefusal, Rejection } from './verdict.js';
import type { Frame } from './wire-message.js';

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

/** Faults in two steps: a call checks its arguments and returns the act, because `script()` acts later. */
export type Prepared<F> = {
  readonly [K in keyof F]: F[K] extends (
    ...args: infer Args extends readonly unknown[]
  ) => infer Result
    ? (...args: Args) => () => Result
    : never;
};
