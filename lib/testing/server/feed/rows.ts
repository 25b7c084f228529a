import { asyncScheduler } from 'rxjs';
import type { FeedOptions } from './feed-options.js';

/** Rows by their numbers, both included. */
export interface RowRange {
  readonly from: number;
  readonly to: number;
}

/** When the rows of a feed exist. Instants are ms since the epoch. */
export interface Timeline {
  /** When a row begins to exist. */
  at(number: number): number;
  /** The first row at an instant or after it. */
  firstSince(instant: number): number;
  /** The last row at an instant or before it; below 0 if there is none. */
  lastTill(instant: number): number;
  /** The last row that exists now; below 0 if there is none. */
  latest(): number;
}

// In floating point 43 · 0.1 / 0.1 is less than 43.
const rounding = 1e-9;

export function createTimeline({
  every,
  start = asyncScheduler.now(),
}: Pick<FeedOptions, 'every' | 'start'>): Timeline {
  const lastTill = (instant: number) => Math.floor((instant - start) / every + rounding);
  return {
    at: (number) => start + number * every,
    firstSince: (instant) => Math.ceil((instant - start) / every - rounding),
    lastTill,
    latest: () => lastTill(asyncScheduler.now()),
  };
}

/** More rows would fill the memory: a feed with a row a second since 1970 has 1.8 · 10⁹. */
const maxCount = 1_000_000;

/**
 * Lists the numbers of a range, ascending; none if `to` is less than `from`.
 *
 * @param remedy - completes the message of the error: how to ask for fewer
 * @throws RangeError for more than a million rows
 */
export function numberRows(range: RowRange, remedy: string): readonly number[] {
  const length = countRows(range, remedy);
  return Array.from({ length }, (_, index) => range.from + index);
}

/** Counts the rows of a range, and throws as `numberRows` does. */
export function countRows({ from, to }: RowRange, remedy: string): number {
  const count = Math.max(0, to - from + 1);
  if (count <= maxCount) return count;
  throw new RangeError(
    `rows ${from} to ${to} are ${count}, more than can be had at once (${maxCount}): ${remedy}, or give the feed a later \`start\``,
  );
}
