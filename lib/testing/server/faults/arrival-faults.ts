import type { Rejection } from '../verdict.js';
import type { DialFault } from './dial-fault.js';
import type { HandshakeFault } from './handshake-fault.js';

/** What can be done to sockets that are not open yet. */
export interface ArrivalFaults {
  /**
   * Lets the next dials fail before the WebSocket opens. Calls queue up: each dial takes the fault of the first call that has any left.
   *
   * @param fault - one of `dialFaultNames`, an HTTP answer, bytes, or a drip
   * @param times - how many dials; `Infinity` until `accept()`
   * @throws TypeError when there is no such fault, HTTP allows no such header, or `times` is neither a whole number from 1 on nor Infinity
   */
  failDials(fault: DialFault, times?: number): void;
  /**
   * Lets the handshakes of the next sockets go wrong. Calls queue up like those of `failDials`. Without effect on a server with `script`.
   *
   * @param fault - one of `handshakeFaultNames`, an ack payload, a close, or a rejection
   * @param times - how many sockets; `Infinity` until `accept()`
   * @throws TypeError when there is no such fault, or `times` is neither a whole number from 1 on nor Infinity
   */
  failHandshakes(fault: HandshakeFault, times?: number): void;
  /**
   * Refuses the handshakes to come, until `accept()`.
   *
   * @param payload - of the legacy `connection_error`; default `{ message: 'Forbidden' }`
   * @param close - code and reason that follow; default 4403, on the legacy protocol 1011, and `'Forbidden'`; with `code: false` no close
   * @throws TypeError when a close frame cannot be like that
   */
  reject(payload?: unknown, close?: Omit<Rejection, 'reject'>): void;
  /**
   * Ends `failDials`, `failHandshakes` and `reject`: the handshakes to come are left to `connect` again. `neverStart()` goes on until
   * `startOperations()`, and `throttle()` until `throttle(0)`.
   */
  accept(): void;
  /**
   * Drops every socket as `stop()` does and refuses dials for a while, then listens again, at the same port.
   *
   * @param downFor - ms; default 0
   * @returns a promise that resolves when it listens again, or the server was stopped meanwhile
   */
  restart(downFor?: number): Promise<void>;
}
