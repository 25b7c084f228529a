import { duration, optional, wholeOrInfinity } from '../check.js';
import type { ArrivalFaults } from './arrival-faults.js';
import type { ArgumentChecks } from './check-first.js';
import { expectDialFault } from './dial-fault.js';
import { expectHandshakeFault, expectRejection } from './handshake-fault.js';

const checkTimes = optional(wholeOrInfinity(1));
const checkDownFor = optional(duration);

/**
 * The checks of the arguments of the faults of sockets to come.
 *
 * @param secure - whether the server speaks TLS
 */
export function arrivalChecks(secure: boolean): ArgumentChecks<ArrivalFaults> {
  return {
    failDials: (fault, times) => {
      expectDialFault(fault, secure);
      checkTimes('times', times);
    },
    failHandshakes: (fault, times) => {
      expectHandshakeFault(fault);
      checkTimes('times', times);
    },
    reject: (_payload, close = {}) => {
      expectRejection(close);
    },
    restart: (downFor) => {
      checkDownFor('downFor', downFor);
    },
  };
}
