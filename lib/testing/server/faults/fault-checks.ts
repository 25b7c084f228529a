import { throttleChecks } from '../backfill/create-backfill.js';
import { resultChecks } from '../results/result-checks.js';
import { arrivalChecks } from './arrival-checks.js';
import type { ArgumentChecks } from './check-first.js';
import type { ServerFaults } from './server-faults.js';
import { socketChecks } from './socket-checks.js';

/**
 * The checks of the arguments of all faults of a server.
 *
 * @param secure - whether it speaks TLS
 */
export function faultChecks(secure: boolean): ArgumentChecks<ServerFaults> {
  return { ...socketChecks, ...arrivalChecks(secure), ...resultChecks, ...throttleChecks };
}
