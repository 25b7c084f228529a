import { asyncScheduler } from 'rxjs';
import type { ReplayOptions, RowRange, Timeline } from './rows.js';

export interface Reach {
  /** ms: the query gets no older rows; `false` for no limit. */
  readonly horizon: number | false;
  readonly maxRows: number | false;
  /** ms: the query gets no younger rows. */
  readonly lag: number;
}

type Variables = Readonly<Record<string, unknown>>;

/** Selects the rows that a query asks for: all variables that are given apply. @throws Error when one has a wrong type */
export function selectRows(
  variables: Variables,
  timeline: Timeline,
  { horizon, maxRows, lag }: Reach,
): RowRange {
  const from = Math.max(0, oldestWithin(horizon, timeline), readCursor(variables, timeline));
  const to = Math.min(
    timeline.lastTill(asyncScheduler.now() - lag),
    timeline.lastTill(readInstant(variables, 'till') ?? Infinity),
    readNumber(variables, 'to') ?? Infinity,
    from + (readNumber(variables, 'limit', 'a number of rows') ?? Infinity) - 1,
    maxRows === false ? Infinity : from + maxRows - 1,
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

function readNumber(
  variables: Variables,
  name: string,
  expected = 'the number of a row',
): number | undefined {
  const value = variables[name] ?? undefined;
  if (value === undefined || Number.isSafeInteger(value)) return value as number | undefined;
  throw wrong(name, expected, value);
}

function readInstant(variables: Variables, name: string): number | undefined {
  const value = variables[name] ?? undefined;
  const instant = typeof value === 'string' ? Date.parse(value) : value;
  if (instant === undefined || Number.isFinite(instant)) return instant as number | undefined;
  throw wrong(name, 'an instant (ISO 8601, or ms since the epoch)', value);
}

function wrong(name: string, expected: string, got: unknown): Error {
  return new Error(
    `expected the variable \`${name}\` to be ${expected}, got ${JSON.stringify(got)}`,
  );
}
