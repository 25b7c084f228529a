import type { ExecutionResult } from 'rx-graphql-ws';
import { isObject } from '../../lib/testing/check.js';

type Results = readonly ExecutionResult[];

/** A fault in the next results of one operation. */
export interface Distortion {
  /** Returns the results to send instead of one. */
  readonly take: (result: ExecutionResult) => Results;
  /** Returns the results that are still held back at the end. */
  readonly held: () => Results;
}

/** Loses the next results. */
export function omitting(count: number): Distortion {
  let left = count;
  return { take: (result) => (left-- > 0 ? [] : [result]), held: () => [] };
}

/** Swaps the next two results. */
export function reordering(): Distortion {
  let first: ExecutionResult | undefined;
  let done = false;
  return {
    take: (result) => {
      if (done) return [result];
      done = first !== undefined;
      if (first) return [result, first];
      first = result;
      return [];
    },
    held: () => (first && !done ? [first] : []),
  };
}

export function repeating(times: number): Distortion {
  return once((result) => Array.from({ length: times + 1 }, () => result));
}

export function truncating(limit: number): Distortion {
  const cut = (data: Readonly<Record<string, unknown>>) =>
    Object.fromEntries(
      Object.entries(data).map(([field, value]): [string, unknown] => [
        field,
        Array.isArray(value) ? value.slice(0, limit) : value,
      ]),
    );
  return once((result) => [isObject(result.data) ? { ...result, data: cut(result.data) } : result]);
}

export function padding(bytes: number): Distortion {
  return once((result) => {
    const padded = (text: string) => ({
      ...result,
      extensions: { ...result.extensions, padding: text },
    });
    const bare = Buffer.byteLength(JSON.stringify(padded('')));
    return [padded('x'.repeat(Math.max(0, bytes - bare)))];
  });
}

function once(distort: (result: ExecutionResult) => Results): Distortion {
  let done = false;
  return {
    take: (result) => {
      if (done) return [result];
      done = true;
      return distort(result);
    },
    held: () => [],
  };
}
