import { faultScript, type FaultScript, type RunningScript } from './fault-script.js';
import type { ArgumentChecks } from './faults/check-first.js';
import type { ServerFaults } from './faults/server-faults.js';
import { seededRandom } from './seeded-random.js';

/** The timed scripts of a server. */
export interface FaultScripts {
  /** Begins one. */
  begin(): FaultScript;
  /** Waits for every one begun; rejects with the first failure that was not told yet, and that nobody asked for. */
  finished(): Promise<void>;
  /** Cancels what is left of them. */
  cancel(): void;
}

/**
 * No scripts yet.
 *
 * @param faults - their steps
 * @param seed - draws among these, for one script after the other
 * @param checks - of their arguments
 */
export function faultScripts(
  faults: ServerFaults,
  seed: number,
  checks: ArgumentChecks<ServerFaults>,
): FaultScripts {
  const begun: RunningScript[] = [];
  const random = seededRandom(seed);
  return {
    begin: () => {
      const running = faultScript(faults, random, checks);
      begun.push(running);
      return running.script;
    },
    finished: async () => {
      for (const { finished } of begun) await finished();
    },
    cancel: () => {
      for (const { cancel } of begun) cancel();
    },
  };
}
