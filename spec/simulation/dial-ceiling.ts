/** Dials at once, and ms for one more. */
const burst = 3;
const period = 1_000;

/** Counts dials: in any window of t ms there are at most 3 + t / 1000. Times are ms since the run began. */
export interface DialCeiling {
  /** Counts one. Returns whether it is allowed. */
  allows(now: number): boolean;
  /** The clock jumped: the library measures with it, and is allowed another burst. */
  forgive(): void;
}

export function createDialCeiling(): DialCeiling {
  // in ms, so that nothing is rounded
  let credit = burst * period;
  let last = 0;
  return {
    allows(now) {
      credit = Math.min(credit + now - last, burst * period) - period;
      last = now;
      return credit >= 0;
    },
    forgive() {
      credit = burst * period;
    },
  };
}
