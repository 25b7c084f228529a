import { setImmediate as turn } from 'node:timers/promises';
import { median, slope } from './statistics.js';

/** Bytes of JavaScript objects that are in use, after a collection. */
export function usedHeap(): number {
  if (!globalThis.gc) throw new Error('run with --expose-gc');
  // what the first one finalises, the second one frees
  globalThis.gc();
  globalThis.gc();
  return process.memoryUsage().heapUsed;
}

/** The same, after what is under way on sockets has had a few turns of the event loop to end. */
export async function settledHeap(): Promise<number> {
  for (let turns = 0; turns < 20; turns += 1) await turn();
  return usedHeap();
}

/** Follows the heap over something that is done again and again. */
export interface HeapRecord {
  /** Notes the heap, if a sample is due after the nth time. */
  after(n: number): void;
  /** Bytes that are kept of each time. */
  readonly perTime: number;
}

/**
 * Samples ten times on the way to `total`. What is kept of each time is the slope of the line that fits the samples best. Of a short run it is
 * the median of what came from sample to sample: there a table that grows or shrinks once (some 50 kB) would outweigh everything.
 */
export function recordHeap(total: number, short: boolean): HeapRecord {
  // written in advance: a record that grows would be part of what it measures
  const samples = new Float64Array(11).fill(NaN);
  const every = total / 10;
  return {
    after(n) {
      if (n % every === 0) samples[n / every] = usedHeap();
    },
    get perTime() {
      const bytes = [...samples];
      return short
        ? median(bytes.slice(1).map((after, index) => (after - bytes[index]!) / every))
        : slope(bytes.map((y, index) => [index * every, y] as const));
    },
  };
}
