import type { Gap } from 'rx-graphql-ws/recovery';
import { isGap } from 'rx-graphql-ws/recovery';
import type { Row } from '../rows.js';

/** The fate of numbered rows. */
export interface Account {
  readonly rows: number;
  readonly gaps: number;
  readonly lost: number;
  /** Lost without a gap in their place. */
  readonly unmarked: number;
  readonly duplicated: number;
  readonly outOfOrder: number;
  /** Gaps and losses behind the first row. */
  readonly afterFirst: number;
  readonly last: number;
}

export function account(items: readonly (Row | Gap)[], start?: number): Account {
  const seen = new Set<number>();
  const sum = {
    rows: 0,
    gaps: 0,
    lost: 0,
    unmarked: 0,
    duplicated: 0,
    outOfOrder: 0,
    afterFirst: 0,
  };
  let last = start;
  let isMarked = false;
  for (const item of items) {
    if (isGap(item)) {
      isMarked = true;
      sum.gaps += 1;
      if (last !== undefined) sum.afterFirst += 1;
      continue;
    }
    sum.rows += 1;
    if (seen.has(item.k)) sum.duplicated += 1;
    else if (last !== undefined && item.k <= last) sum.outOfOrder += 1;
    else if (last !== undefined && item.k > last + 1) {
      sum.lost += item.k - last - 1;
      sum.afterFirst += 1;
      if (!isMarked) sum.unmarked += item.k - last - 1;
    }
    seen.add(item.k);
    last = Math.max(last ?? 0, item.k);
    isMarked = false;
  }
  return { ...sum, last: last ?? 0 };
}
