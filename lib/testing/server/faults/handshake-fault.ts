import { expectClose, expectReason } from '../expect-close.js';
import type { Rejection } from '../verdict.js';
import { expectMembers } from './expect-members.js';
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

const kinds = ['ack', 'close', 'reject'];
const anything = () => undefined;
// The code and the reason are checked together.
const members = Object.fromEntries([...kinds, 'code', 'reason'].map((name) => [name, anything]));

/** @throws TypeError when there is no such fault, or a close frame cannot be like that */
export function expectHandshakeFault(fault: HandshakeFault): void {
  if (typeof fault === 'string') expectName('handshake fault', fault, handshakeFaultNames);
  else {
    expectMembers('fault', fault, members, 'handshakeFaultNames', kinds);
    if ('close' in fault) expectClose(fault.close, fault.reason, 'close');
    else if ('reject' in fault) expectRejection(fault);
  }
}

/** @throws TypeError when the close that follows cannot be like that */
export function expectRejection({ code, reason }: Omit<Rejection, 'reject'>): void {
  // Where the code is not given, or there is no close, a reason may be.
  expectClose(code === false ? undefined : code, undefined);
  if (reason !== undefined) expectReason('reason', reason);
}
