import { duration } from './check.js';
import { checkFirst, type ArgumentChecks } from './faults/check-first.js';
import type { ServerFaults } from './faults/server-faults.js';
import { takeSteps } from './take-steps.js';

type FaultSteps = {
  readonly [K in keyof ServerFaults]: (...args: Parameters<ServerFaults[K]>) => FaultScript;
};

/**
 * A timed script: each fault of the server is a step here. Steps may be added at any time; one whose time has passed is taken at once.
 * The first that throws ends the script. Arguments are checked when a step is added; in `oneOf`, and what the state of the server forbids
 * (`expireToken()` without `tokens`), only when it is taken.
 *
 * @example
 * ```ts
 * const { done } = server.script().at(3_000).halfOpen().at(8_000).restart(2_000);
 * await done;
 * ```
 */
export interface FaultScript extends FaultSteps {
  /**
   * Sets the time of the steps that follow.
   *
   * @param ms - since `script()` was called
   * @throws RangeError when that is before the steps that precede
   */
  at(ms: number): FaultScript;
  /**
   * Takes one of several steps, drawn by the server's `seed`.
   *
   * @example
   * ```ts
   * server.script().at(1_000).oneOf(({ drop }) => drop(), ({ halfOpen }) => halfOpen(500));
   * ```
   */
  oneOf(...steps: readonly ((server: ServerFaults) => unknown)[]): FaultScript;
  /**
   * Resolves when every step added so far has been taken, or the server has stopped; rejects with what a step threw. If nobody asks for it,
   * `finished()` and `stop()` of the server tell.
   */
  readonly done: Promise<void>;
}

/** A script, and the server's hold on it. */
export interface RunningScript {
  readonly script: FaultScript;
  /** Waits as `done` does. Rejects with what a step threw, once, and only if nobody asked for `done`. */
  finished(): Promise<void>;
  /** Takes no more steps. */
  cancel(): void;
}

/**
 * Begins a script without steps.
 *
 * @param faults - what the steps do
 * @param random - draws
 * @param checks - of the arguments of the steps, when these are added
 */
export function faultScript(
  faults: ServerFaults,
  random: () => number,
  checks: ArgumentChecks<ServerFaults>,
): RunningScript {
  const { add, taken, cancel } = takeSteps();
  let time = 0;
  let asked = false;
  const then = (act: () => unknown) => {
    add(time, act);
    return script;
  };
  const script: FaultScript = {
    ...stepsOf(faults, then, checks),
    at: (ms) => {
      duration('ms', ms);
      if (ms < time) throw new RangeError(`at(${ms}) goes back: the script is at ${time} ms`);
      time = ms;
      return script;
    },
    oneOf: (...steps) => {
      const step = steps[Math.floor(random() * steps.length)];
      if (!step) throw new RangeError('oneOf() has no step to take');
      return then(() => step(faults));
    },
    get done() {
      asked = true;
      return taken();
    },
  };
  return {
    script,
    cancel,
    finished: async () => {
      try {
        await taken();
      } catch (error) {
        if (asked) return;
        asked = true;
        throw error;
      }
    },
  };
}

function stepsOf(
  faults: ServerFaults,
  then: (act: () => unknown) => FaultScript,
  checks: ArgumentChecks<ServerFaults>,
): FaultSteps {
  const acts = Object.entries(faults) as [string, (...args: readonly unknown[]) => unknown][];
  const steps = acts.map(([name, act]) => [
    name,
    (...args: readonly unknown[]) => then(() => act(...args)),
  ]);
  return checkFirst(Object.fromEntries(steps) as FaultSteps, checks);
}
