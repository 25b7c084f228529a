import type { Rejection } from '../verdict.js';
import type { ArrivalFaults } from './arrival-faults.js';
import { expectDialFault, type DialFault } from './dial-fault.js';
import { createFaultQueue, type FaultQueue } from './fault-queue.js';
import { expectHandshakeFault, type HandshakeFault } from './handshake-fault.js';

/** Faults that wait for sockets to come. */
interface Arrivals {
  readonly dials: FaultQueue<DialFault>;
  readonly handshakes: FaultQueue<HandshakeFault>;
  /** Refuses a handshake while it returns something. */
  rejection(): Rejection | undefined;
}

/** Arrivals, and the levers that set their faults. */
export interface ArrivalTampering {
  readonly arrivals: Arrivals;
  readonly faults: Omit<ArrivalFaults, 'restart'>;
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
    faults: {
      failDials: (fault, times = 1) => {
        expectDialFault(fault, secure);
        dials.add(fault, times);
      },
      failHandshakes: (fault, times = 1) => {
        expectHandshakeFault(fault);
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
  };
}
