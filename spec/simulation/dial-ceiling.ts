/** Dials at once, and ms for one more; of those that are excused, because the connection before was of use, too. */
const limits = { counted: { burst: 3, period: 1_000 }, excused: { burst: 10, period: 200 } };

/** Counts dials: in any window of t ms there are at most 3 + t / 1000, and 10 + t / 200 that are excused. Times are ms since the run began. */
export interface DialCeiling {
  /** Counts one. Returns whether it is allowed. */
  allows(now: number, excused: boolean): boolean;
  /** The clock jumped: the library measures with it, and is allowed another burst. */
  forgive(): void;
}

export function createDialCeiling(): DialCeiling {
  const counted = createBucket(limits.counted);
  const excused = createBucket(limits.excused);
  return {
    allows: (now, isExcused) => (isExcused && excused.take(now)) || counted.take(now),
    forgive() {
      counted.fill();
      excused.fill();
    },
  };
}

function createBucket({ burst, period }: { readonly burst: number; readonly period: number }) {
  // in ms, so that nothing is rounded
  let credit = burst * period;
  let last = 0;
  return {
    take(now: number) {
      credit = Math.min(credit + now - last, burst * period);
      last = now;
      if (credit < period) return false;
      credit -= period;
      return true;
    },
    fill() {
      credit = burst * period;
    },
  };
}
