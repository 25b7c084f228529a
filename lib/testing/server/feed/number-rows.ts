import type { RowRange } from './row-range.js';

/** More would keep the process busy for good, or take all its memory: a feed of 1 s that starts in 1970 has 1.8 · 10⁹. */
const most = 1_000_000;

/**
 * The numbers of some rows, ascending.
 *
 * @param range - none when `to` is less than `from`
 * @param remedy - how to ask for fewer
 * @throws RangeError - more than a million
 */
export function numberRows(range: RowRange, remedy: string): readonly number[] {
  const length = countRows(range, remedy);
  return Array.from({ length }, (_, index) => range.from + index);
}

/**
 * How many rows there are in a range.
 *
 * @throws RangeError - more than a million
 */
export function countRows({ from, to }: RowRange, remedy: string): number {
  const count = Math.max(0, to - from + 1);
  if (count <= most) return count;
  throw new RangeError(
    `rows ${from} to ${to} are ${count}, more than can be had at once (${most}): ${remedy}, or give the feed a later \`start\``,
  );
}
