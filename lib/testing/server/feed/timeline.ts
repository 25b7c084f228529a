import { asyncScheduler } from 'rxjs';
import type { FeedOptions } from './feed-options.js';

/** When the rows of a feed exist. */
export interface Timeline {
  /** When a row comes to exist, in ms since the epoch. */
  at(number: number): number;
  /** The first row at an instant or after it. */
  firstSince(instant: number): number;
  /** The last row at an instant or before it; below 0 when there was none. */
  lastTill(instant: number): number;
  /** The last row that exists now; below 0 when there is none. */
  latest(): number;
}

// Of a fraction of a ms: 43 · 0.1 / 0.1 is less than 43.
const rounding = 1e-9;

/** The timeline of a feed. It keeps no state: it survives whatever happens to the server. */
export function timeline({
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
