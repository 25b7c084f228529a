import type { Throttle } from '../backfill/create-backfill.js';
import type { ResultFaults } from '../result-faults.js';
import type { TokenControls } from '../token-options.js';
import type { ArrivalFaults } from './arrival-faults.js';
import type { SocketFaults } from './socket-faults.js';

/** The levers that make a server misbehave: methods, each of which can be a step of a `script()`, too. */
export interface ServerFaults
  extends SocketFaults, ArrivalFaults, ResultFaults, TokenControls, Throttle {}
