import { asyncScheduler } from 'rxjs';

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

/** Numbers a range, ascending. `remedy` completes the message: how to ask for fewer. @throws RangeError for more than a million rows */
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

/** Options of a feed of numbered rows. Row k exists from `start + k · every` on, whether or not a client receives it. */
export interface FeedOptions {
  /** ms between two rows, at least 0.01. */
  readonly every: number;
  /**
   * Makes a row, for each client anew: each call must return the same row, so draw random values from `random`, which is seeded by the
   * server's `seed` and the number. `at` is in ms since the epoch. A throw fails the operation. @defaultValue `(number) => ({ number })`
   */
  readonly row?: ((number: number, random: () => number, at: number) => unknown) | undefined;
  /** Finds the number in a row that a client received. @defaultValue the row's `number` */
  readonly number?: ((row: never) => number) | undefined;
  /** The root field: results are `{ data: { [field]: rows } }`. @defaultValue `'rows'` */
  readonly field?: string | undefined;
  /** Rows of a batch, such as the block of a chain. A subscription gets a batch in one result, when its last row exists. @defaultValue 1 */
  readonly perMessage?: number | undefined;
  /** The most rows in one result of a subscription. A subscriber never receives the rest of the batch. @defaultValue 800 */
  readonly limit?: number | undefined;
  /**
   * When row 0 exists, in ms since the epoch. Two servers with the same `start` and `seed` have the same feed. A request for more than a
   * million rows fails. @defaultValue when the server was made
   */
  readonly start?: number | undefined;
  /**
   * Whether a subscription takes a cursor, and how: it begins with the first row that its variables `after`, `from` and `since` ask for, as in
   * a query. @defaultValue false: a subscription gets only rows to come
   */
  readonly replay?: boolean | ReplayOptions | undefined;
}

/** How a subscription takes up a feed. */
export interface ReplayOptions {
  /** Whether the row at a cursor comes again: that with the number `after`, or with the time `since`. @defaultValue `after`: no, `since`: yes */
  readonly inclusive?: boolean | undefined;
  /** ms: a cursor to an older row fails with `CURSOR_TOO_OLD` as `extensions.code`; `false` for no limit. @defaultValue false */
  readonly horizon?: number | false | undefined;
}
