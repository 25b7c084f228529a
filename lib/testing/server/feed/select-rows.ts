import { asyncScheduler } from 'rxjs';
import type { RowRange, Timeline } from './rows.js';

/** The limits of a query. */
export interface Reach {
  /** ms: the query gets no older rows; `false` for no limit. */
  readonly horizon: number | false;
  readonly maxRows: number | false;
}

type Variables = Readonly<Record<string, unknown>>;

/**
 * Selects the rows that a query asks for. All of `since`, `till`, `from`, `to` and `after` that are given apply. Beyond `maxRows` it
 * selects the first ones.
 * @throws Error when a variable has a wrong type
 */
export function selectRows(
  variables: Variables,
  timeline: Timeline,
  { horizon, maxRows }: Reach,
): RowRange {
  const from = Math.max(
    0,
    horizon === false ? 0 : timeline.firstSince(asyncScheduler.now() - horizon),
    timeline.firstSince(readInstant(variables, 'since') ?? -Infinity),
    readNumber(variables, 'from') ?? 0,
    (readNumber(variables, 'after') ?? -1) + 1,
  );
  const to = Math.min(
    timeline.latest(),
    timeline.lastTill(readInstant(variables, 'till') ?? Infinity),
    readNumber(variables, 'to') ?? Infinity,
    maxRows === false ? Infinity : from + maxRows - 1,
  );
  return { from, to };
}

/** Reads the number of a row; `undefined` if it is absent. */
export function readNumber(variables: Variables, name: string): number | undefined {
  const value = variables[name] ?? undefined;
  if (value === undefined || Number.isSafeInteger(value)) return value as number | undefined;
  throw wrong(name, 'the number of a row', value);
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
