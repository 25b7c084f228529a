import { duration, isText, must } from '../check.js';
import { contentChecks, statusFrom } from '../check-refusal.js';
import type { HttpRefusal } from '../verdict.js';
import { expectMembers } from './expect-members.js';
import { expectName } from './expect-name.js';

/** The faults of a dial that have a name. */
export const dialFaultNames = [
  'no-answer',
  'end',
  'reset',
  'not-http',
  'huge-header',
  'many-headers',
  'wrong-accept',
  'no-upgrade-header',
  'unoffered-extension',
  'no-subprotocol',
  'unknown-subprotocol',
  'other-dialect',
  'tls-stall',
] as const;

type Named = (typeof dialFaultNames)[number];

/**
 * How a dial fails, once the client has asked to upgrade:
 *
 * - `no-answer`: the connection stays open, and nothing is ever said on it
 * - `end`, `reset`: TCP ends with FIN, or with RST
 * - `not-http`: the greeting of another protocol
 * - `huge-header`, `many-headers`: more response headers than a client takes
 * - `wrong-accept`, `no-upgrade-header`, `unoffered-extension`: a 101 that is not valid
 * - `no-subprotocol`: selects none, and speaks `fallback` with a client that does not mind
 * - `unknown-subprotocol`: selects one that nobody offered
 * - `other-dialect`: selects a protocol and speaks the other one
 * - `tls-stall`: TCP is accepted, TLS is not answered; with the option `tls` only, and counted by TCP connections
 * - an {@link HttpRefusal}: an HTTP answer, `{ status: 503, headers: { 'Retry-After': '7' } }`, say
 * - `{ bytes }`: these and nothing else, then FIN
 * - `{ drip }`: an answer without end, one byte every so many ms
 */
export type DialFault =
  Named | HttpRefusal | { readonly bytes: string | Uint8Array } | { readonly drip: number };

/** Opens a WebSocket all the same, but not what the client takes it for. */
export type Lie = Extract<Named, 'no-subprotocol' | 'unknown-subprotocol' | 'other-dialect'>;

/** Opens no WebSocket, once the client has asked to upgrade. */
export type Failure = Exclude<DialFault, Lie | 'tls-stall'>;

export function isLie(fault: DialFault): fault is Lie {
  return ['no-subprotocol', 'unknown-subprotocol', 'other-dialect'].includes(fault as string);
}

/** Whether the fault is one of TLS, before there is any HTTP. */
export function isTlsFault(fault: DialFault): fault is 'tls-stall' {
  return fault === 'tls-stall';
}

export function isUpgradeFault(fault: DialFault): fault is Failure | Lie {
  return !isTlsFault(fault);
}

const members = {
  status: statusFrom(100),
  ...contentChecks,
  bytes: must('a text or bytes', (value) => isText(value) || value instanceof Uint8Array),
  drip: duration,
};

/**
 * Checks a fault.
 *
 * @param secure - whether the server speaks TLS
 * @throws TypeError when there is none like it, or not on this server
 */
export function expectDialFault(fault: DialFault, secure: boolean): void {
  if (typeof fault === 'string') expectName('dial fault', fault, dialFaultNames);
  else expectMembers('fault', fault, members, 'dialFaultNames', ['status', 'bytes', 'drip']);
  if (fault === 'tls-stall' && !secure)
    throw new TypeError("the dial fault 'tls-stall' needs a server with the option `tls`");
}
