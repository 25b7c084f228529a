import type { Rejection } from '../verdict.js';
import type { ArrivalFaults } from './arrival-faults.js';
import { arrivalChecks } from './arrival-checks.js';
import { checkFirst } from './check-first.js';
import type { DialFault } from './dial-fault.js';
import { createFaultQueue, type FaultQueue } from './fault-queue.js';
import type { HandshakeFault } from './handshake-fault.js';

/** Faults that wait for sockets to come. */
interface Arrivals {
  readonly dials: FaultQueue<DialFault>;
  readonly handshakes: FaultQueue<HandshakeFault>;
  /** Refuses a handshake while it returns something. */
  rejection(): Rejection | undefined;
}

type LastingFaults = Omit<ArrivalFaults, 'restart'>;

/** Arrivals, and the levers that set their faults. */
export interface ArrivalTampering {
  readonly arrivals: Arrivals;
  readonly faults: LastingFaults;
}

/**
 * No faults yet.
 *
 * @param secure - whether the server speaks TLS
 */
export function tamperWithArrivals(secure: boolean): ArrivalTampering {
  const dials = createFaultQueue<DialFault>();
  const handshakes = createFaultQueue<HandshakeFault>();
  let rejection: Rejection | undefined;
  return {
    arrivals: { dials, handshakes, rejection: () => rejection },
    faults: checkFirst<LastingFaults>(
      {
        failDials: (fault, times = 1) => {
          dials.add(fault, times);
        },
        failHandshakes: (fault, times = 1) => {
          handshakes.add(fault, times);
        },
        reject: (payload = { message: 'Forbidden' }, close) => {
          rejection = { ...close, reject: payload };
        },
        accept: () => {
          dials.clear();
          handshakes.clear();
          rejection = undefined;
        },
      },
      arrivalChecks(secure),
    ),
  };
}
