import { type IncomingMessage, STATUS_CODES } from 'node:http';
import type { Duplex } from 'node:stream';
import { optional, wholeOrInfinity } from '../check.js';
import { checkClose, checkReason, refusal as refusalOf } from './check-frame.js';
import type { ArrivalFaults, Prepared } from './server-faults.js';
import type { HttpRefusal, Rejection } from './verdict.js';

export interface Dial {
  readonly incoming: IncomingMessage;
  readonly stream: Duplex;
}

/** Answers a dial, or returns `true` to let it through. */
export type DialFault = (dial: Dial) => true | undefined;

export interface FaultQueue<F> {
  /** @param times - a whole number, or Infinity */
  add(fault: F, times: number): void;
  take(): F | undefined;
  clear(): void;
}

export function createQueue<F>(): FaultQueue<F> {
  const waiting: { readonly fault: F; left: number }[] = [];
  return {
    add: (fault, times) => void waiting.push({ fault, left: times }),
    take: () => {
      const [first] = waiting;
      if (!first) return undefined;
      first.left -= 1;
      if (first.left === 0) waiting.shift();
      return first.fault;
    },
    clear: () => void waiting.splice(0),
  };
}

const checkRefusal = refusalOf('', 100);
const checkTimes = optional(wholeOrInfinity(1));

export function createArrivals() {
  const dials = createQueue<DialFault>();
  let rejection: Rejection | undefined;
  return {
    dials,
    /** The answer to handshakes while `reject()` holds. */
    rejection: () => rejection,
    faults: {
      failDials: (refusal, times = 1) => {
        checkRefusal('refusal', refusal);
        checkTimes('times', times);
        return () => dials.add(({ stream }) => refuseUpgrade(stream, refusal), times);
      },
      reject: (payload = { message: 'Forbidden' }, { code, reason } = {}) => {
        // A reason may stand alone, because the code has a default.
        checkClose(code === false ? undefined : code, undefined);
        checkReason(reason);
        const close = {
          ...(code !== undefined && { code }),
          ...(reason !== undefined && { reason }),
        };
        return () => {
          rejection = { reject: payload, ...close };
        };
      },
      accept: () => () => {
        dials.clear();
        rejection = undefined;
      },
    } satisfies Prepared<Omit<ArrivalFaults, 'restart'>>,
  };
}

/** Answers a request to upgrade with HTTP, and ends the TCP connection. */
export function refuseUpgrade(
  stream: Duplex,
  { status, headers = {}, body = '' }: HttpRefusal,
): undefined {
  const fields = { Connection: 'close', 'Content-Length': Buffer.byteLength(body), ...headers };
  const lines = Object.entries(fields).map(([name, value]) => `${name}: ${value}\r\n`);
  const reason = STATUS_CODES[status] ?? 'Refused';
  stream.once('finish', () => stream.destroy());
  stream.end(`HTTP/1.1 ${status} ${reason}\r\n${lines.join('')}\r\n${body}`);
}
