import { asyncScheduler } from 'rxjs';
import { readInstant, readNumber } from './read-variables.js';
import type { RowRange } from './row-range.js';
import type { Timeline } from './timeline.js';

/** How much of a feed can be asked for. */
export interface Reach {
  /** ms: what is older cannot be had; `false` = everything can. */
  readonly horizon: number | false;
  readonly maxRows: number | false;
}

/**
 * The rows that a query asks for: of `since`, `till`, `from`, `to` and `after` those that are given hold together.
 *
 * @param variables - of the query
 * @param timeline - of the feed
 * @param reach - its limits; of too many rows it is the first that are had
 * @throws Error - a variable that is something else
 */
export function selectRows(
  variables: Readonly<Record<string, unknown>>,
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
