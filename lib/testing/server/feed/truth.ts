import { isWhole } from '../../check.js';
import { numberRows, type RowRange, type Timeline } from './rows.js';

/** The rows that a client received, compared with the rows of the feed. All lists hold numbers of rows within the compared range. */
export interface Comparison {
  /** The rows that exist, ascending. */
  readonly sent: readonly number[];
  /** The rows that the client received, in its order. */
  readonly received: readonly number[];
  /** Rows that exist and were not received, ascending. */
  readonly missing: readonly number[];
  /** Rows that were received again, once for each repetition. */
  readonly duplicate: readonly number[];
  /** Rows that came for the first time after a greater one. */
  readonly outOfOrder: readonly number[];
}

/** The rows of a feed. Faults do not change them. */
export interface Truth {
  /** Lists the numbers of the rows that exist so far, ascending; of all without a range. @throws RangeError for more than a million */
  sent(range?: RowRange): readonly number[];
  /**
   * Compares the rows that a client received with the rows that exist.
   * @param received - rows or their numbers, in the order of their arrival
   * @param range - default from the smallest to the greatest number received
   * @throws Error when a row has no number or does not exist
   * @throws RangeError for more than a million rows
   */
  compare(received: readonly unknown[], range?: RowRange): Comparison;
}

export const noTruth: Truth = { sent: explain, compare: explain };

/** @param numberOf - finds the number in a row */
export function createTruth(timeline: Timeline, numberOf: (row: unknown) => unknown): Truth {
  const sent = ({ from, to }: RowRange) => {
    const range = { from: Math.max(0, from), to: Math.min(to, timeline.latest()) };
    return numberRows(range, 'ask for a `range` of them');
  };
  const existing = (received: unknown): number => {
    const number = typeof received === 'number' ? received : numberOf(received);
    const latest = timeline.latest();
    if (!isWhole(number, -Infinity))
      throw new Error(`expected a row with a number, got ${JSON.stringify(received)}`);
    if (number < 0 || number > latest)
      throw new Error(`row ${number} does not exist: the latest of the feed is ${latest}`);
    return number;
  };
  return {
    sent: (range = { from: 0, to: Infinity }) => sent(range),
    compare: (received, range) => {
      const numbers = received.map(existing);
      const compared = range ?? {
        from: numbers.reduce((a, b) => Math.min(a, b), Infinity),
        to: numbers.reduce((a, b) => Math.max(a, b), -Infinity),
      };
      const { from, to } = compared;
      const within = numbers.filter((number) => number >= from && number <= to);
      return compare(sent(compared), within);
    },
  };
}

function compare(sent: readonly number[], received: readonly number[]): Comparison {
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

function explain(): never {
  throw new Error('this server has no feed to tell the truth of: give it the option `feed`');
}
