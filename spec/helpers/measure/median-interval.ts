import { median } from './statistics.js';

/** A median, and where the median of all that could be measured lies. */
export interface MedianInterval {
  readonly median: number;
  readonly low: number;
  readonly high: number;
  /** The probability that it lies between `low` and `high`: of the narrowest interval that has at least what was asked for, or of the widest. */
  readonly confidence: number;
}

/**
 * The interval between two of the sorted values, as many from the bottom as from the top. How many values of n lie below the true median is
 * binomial with p = ½, whatever the distribution is.
 */
export function medianInterval(values: readonly number[], confidence = 0.9): MedianInterval {
  const sorted = [...values].sort((a, b) => a - b);
  const n = sorted.length;
  // the probability of at most `below` values under the true median, for growing `below`
  let tail = 0.5 ** n;
  let term = tail;
  let below = 0;
  for (; below + 1 < n / 2; below += 1) {
    term *= (n - below) / (below + 1);
    if (1 - 2 * (tail + term) < confidence) break;
    tail += term;
  }
  return {
    median: median(sorted),
    low: sorted[below] ?? NaN,
    high: sorted[n - 1 - below] ?? NaN,
    confidence: Math.max(1 - 2 * tail, 0),
  };
}
