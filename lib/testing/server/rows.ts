import { asyncScheduler } from 'rxjs';
import type { FeedOptions, ReplayOptions, RowRange } from './api/feed.js';
import type { BackfillOptions } from './api/options.js';

/** When the rows of a feed exist. Instants are ms since the epoch. */
export type Timeline = ReturnType<typeof createTimeline>;

// In floating point 43 · 0.1 / 0.1 is less than 43.
const rounding = 1e-9;

export function createTimeline({ every, start = asyncScheduler.now() }: FeedOptions) {
  const lastTill = (instant: number) => Math.floor((instant - start) / every + rounding);
  return {
    /** When a row begins to exist. */
    at: (number: number) => start + number * every,
    /** The first row at an instant or after it. */
    firstSince: (instant: number) => Math.ceil((instant - start) / every - rounding),
    /** The last row at an instant or before it; below 0 if there is none. */
    lastTill,
    /** The last row that exists now; below 0 if there is none. */
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

type Variables = Readonly<Record<string, unknown>>;

/** Selects the rows that a query asks for: all variables that are given apply. @throws Error when one has a wrong type */
export function selectRows(
  variables: Variables,
  timeline: Timeline,
  { horizon = false, maxRows = 25_000, lag = 0 }: BackfillOptions,
): RowRange {
  const from = Math.max(0, oldestWithin(horizon, timeline), readCursor(variables, timeline));
  const count = readNumber(variables, 'limit', 'a number of rows') ?? Infinity;
  const to = Math.min(
    timeline.lastTill(asyncScheduler.now() - lag),
    timeline.lastTill(readInstant(variables, 'till') ?? Infinity),
    readNumber(variables, 'to') ?? Infinity,
    from + Math.min(count, maxRows === false ? Infinity : maxRows) - 1,
  );
  return { from, to };
}

/** Finds the row that a subscription begins with. @throws Error for a variable of a wrong type, or a row beyond the horizon */
export function firstReplayed(
  variables: Variables,
  timeline: Timeline,
  { inclusive, horizon = false }: ReplayOptions,
): number {
  const next = Math.max(0, timeline.latest() + 1);
  const cursor = readCursor(variables, timeline, inclusive);
  if (cursor === -Infinity) return next;
  const first = Math.min(Math.max(0, cursor), next);
  const oldest = oldestWithin(horizon, timeline);
  if (first >= oldest) return first;
  throw Object.assign(
    new Error(`the cursor is too old: the oldest row that can be had is ${oldest}`),
    { extensions: { code: 'CURSOR_TOO_OLD' } },
  );
}

function oldestWithin(horizon: number | false, timeline: Timeline): number {
  return horizon === false ? -Infinity : timeline.firstSince(asyncScheduler.now() - horizon);
}

/** The first row that `since`, `from` and `after` ask for; `-Infinity` without any of them. */
function readCursor(variables: Variables, timeline: Timeline, inclusive?: boolean): number {
  const since = readInstant(variables, 'since') ?? -Infinity;
  const after = readNumber(variables, 'after') ?? -Infinity;
  return Math.max(
    inclusive === false ? timeline.lastTill(since) + 1 : timeline.firstSince(since),
    readNumber(variables, 'from') ?? -Infinity,
    inclusive === true ? after : after + 1,
  );
}

function readNumber(variables: Variables, name: string, expected = 'the number of a row') {
  return read(variables[name], Number.isSafeInteger, name, expected);
}

function readInstant(variables: Variables, name: string) {
  const value = variables[name];
  const instant = typeof value === 'string' ? Date.parse(value) : value;
  return read(
    instant,
    Number.isFinite,
    name,
    'an instant (ISO 8601, or ms since the epoch)',
    value,
  );
}

/** Gives `undefined` for an absent variable or `null`. */
function read(
  value: unknown,
  test: (value: unknown) => boolean,
  name: string,
  expected: string,
  got = value,
): number | undefined {
  if (value === undefined || value === null) return undefined;
  if (test(value)) return value as number;
  throw new Error(
    `expected the variable \`${name}\` to be ${expected}, got ${JSON.stringify(got)}`,
  );
}
