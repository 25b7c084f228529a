import { sequenceReader } from '../result.js';

/**
 * How the numbers of results go: on and on; on, and after the last of a loop from the first; or anyhow. Where they go on and on, one that begins
 * again shows that the connection was lost.
 */
type Order = 'straight' | 'looped' | 'none';

/** Counts results by the number in each: the one field that is touched. */
export interface Sequence {
  readonly count: number;
  /** The number of the last one. */
  readonly last: number;
  /** How many did not follow on the one before. */
  readonly astray: number;
  note(data: unknown): void;
}

export function sequenceOf(size: number, order: Order = 'looped'): Sequence {
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
      if (number !== last + 1 && order !== 'none' && (number !== 0 || order === 'straight'))
        astray += 1;
      count += 1;
      last = number;
    },
  };
}
