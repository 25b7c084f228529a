import type { Rejection } from '../verdict.js';
import { expectName } from './expect-name.js';

/** The faults of a handshake that have a name. */
export const handshakeFaultNames = [
  'ack-never',
  'ack-twice',
  'ack-before-init',
  'result-before-ack',
  'heartbeat-before-ack',
] as const;

/**
 * How a handshake goes wrong:
 *
 * - `ack-never`: `connection_init` is not answered
 * - `ack-twice`: acknowledged two times
 * - `ack-before-init`: acknowledged as soon as the socket is open, and not again
 * - `result-before-ack`: a result of the operation `1` comes before the ack
 * - `heartbeat-before-ack`: a heartbeat (legacy `ka`, else `ping`) comes before the ack
 * - `{ ack }`: acknowledged with this payload, of any shape
 * - `{ close, reason }`: `connection_init` is answered by a close with this code
 * - a {@link Rejection}: refused as by `reject()`
 */
export type HandshakeFault =
  | (typeof handshakeFaultNames)[number]
  | { readonly ack: unknown }
  | { readonly close: number; readonly reason?: string }
  | Rejection;

/** @throws TypeError when there is no such fault */
export function expectHandshakeFault(fault: HandshakeFault): void {
  if (typeof fault === 'string') expectName('handshake fault', fault, handshakeFaultNames);
  else if (!['ack', 'close', 'reject'].some((key) => Object.hasOwn(fault, key)))
    throw new TypeError('expected a handshake fault with `ack`, `close` or `reject`');
}
