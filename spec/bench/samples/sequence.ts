import { sequenceReader } from '../result.js';

/** Counts results by the number in each: the one field that is touched. */
export interface Sequence {
  readonly count: number;
  /** The number of the last one. */
  readonly last: number;
  /** How many did not follow on the one before; after the last of a loop comes the first. */
  readonly astray: number;
  note(data: unknown): void;
}

export function sequenceOf(size: number, inOrder = true): Sequence {
  const read = sequenceReader(size);
  let count = 0;
  let last = -1;
  let astray = 0;
  return {
    get count() {
      return count;
    },
    get last() {
      return last;
    },
    get astray() {
      return astray;
    },
    note(data) {
      const number = read(data);
      if (inOrder && number !== last + 1 && number !== 0) astray += 1;
      count += 1;
      last = number;
    },
  };
}
