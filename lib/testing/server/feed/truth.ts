import { numberRows } from './number-rows.js';
import type { RowRange } from './row-range.js';
import type { Timeline } from './timeline.js';

/** What a client received, held against what there was. The numbers of rows, all within the range compared. */
export interface Comparison {
  /** The rows that exist, ascending. */
  readonly sent: readonly number[];
  /** What the client received, in its order. */
  readonly received: readonly number[];
  /** Those sent and not received, ascending. */
  readonly missing: readonly number[];
  /** Those received before, once for each time they came again. */
  readonly duplicate: readonly number[];
  /** Those that came for the first time after a greater one. */
  readonly outOfOrder: readonly number[];
}

/** What really happened in a feed: faults do not touch it. */
export interface Truth {
  /**
   * The numbers of the rows that exist so far, ascending.
   *
   * @param range - of them these alone
   * @throws RangeError - they are more than a million: a feed whose `start` is long ago has them
   */
  sent(range?: RowRange): readonly number[];
  /**
   * Compares what a client received with what there was.
   *
   * @param received - rows, or their numbers, in the order in which they came
   * @param range - default: from the least number received to the greatest
   * @throws Error - one of them has no number, or is a row that does not exist
   * @throws RangeError - more than a million rows are to be compared
   */
  compare(received: readonly unknown[], range?: RowRange): Comparison;
}

/** The truth of a server without a feed. */
export const noTruth: Truth = { sent: explain, compare: explain };

/**
 * The truth of a feed.
 *
 * @param timeline - when its rows exist
 * @param numberOf - finds the number in a row
 */
export function tellTruth(timeline: Timeline, numberOf: (row: unknown) => unknown): Truth {
  const sent = ({ from, to }: RowRange) =>
    numberRows(
      { from: Math.max(0, from), to: Math.min(to, timeline.latest()) },
      'ask for a `range` of them',
    );
  const existing = (received: unknown): number => {
    const number = typeof received === 'number' ? received : numberOf(received);
    if (!Number.isSafeInteger(number))
      throw new Error(`expected a row with a number, got ${JSON.stringify(received)}`);
    const latest = timeline.latest();
    if ((number as number) < 0 || (number as number) > latest)
      throw new Error(`row ${String(number)} does not exist: the latest of the feed is ${latest}`);
    return number as number;
  };
  return {
    sent: (range = { from: 0, to: Infinity }) => sent(range),
    compare: (received, range) => {
      const numbers = received.map(existing);
      const compared = range ?? {
        from: numbers.reduce((a, b) => Math.min(a, b), Infinity),
        to: numbers.reduce((a, b) => Math.max(a, b), -Infinity),
      };
      return comparison(sent(compared), numbers.filter(within(compared)));
    },
  };
}

function comparison(sent: readonly number[], received: readonly number[]): Comparison {
  const seen = new Set<number>();
  const duplicate: number[] = [];
  const outOfOrder: number[] = [];
  let greatest = -1;
  for (const number of received) {
    if (seen.has(number)) duplicate.push(number);
    else if (number < greatest) outOfOrder.push(number);
    seen.add(number);
    greatest = Math.max(greatest, number);
  }
  const missing = sent.filter((number) => !seen.has(number));
  return { sent, received, missing, duplicate, outOfOrder };
}

function within({ from, to }: RowRange) {
  return (number: number) => number >= from && number <= to;
}

function explain(): never {
  throw new Error('this server has no feed to tell the truth of: give it the option `feed`');
}
