import type { ExecutionResult } from 'rx-graphql-ws';
import { isObject } from '../wire-message.js';

/** What a fault makes of the results of an operation. It keeps no state: what comes next is told with each result. */
export interface Distortion {
  /** Results kept back, to be sent when the operation ends before they could be. */
  readonly held: readonly ExecutionResult[];
  /** What is sent instead of a result, and what becomes of the next one: without `then` nothing. */
  take(result: ExecutionResult): {
    readonly results: readonly ExecutionResult[];
    readonly then?: Distortion;
  };
}

/** Loses the next `count` results. */
export function skipping(count: number): Distortion {
  return {
    held: [],
    take: () => ({ results: [], ...(count > 1 && { then: skipping(count - 1) }) }),
  };
}

/** Sends the next two results in the other order. */
export function reordering(): Distortion {
  return {
    held: [],
    take: (first) => ({
      results: [],
      then: { held: [first], take: (second) => ({ results: [second, first] }) },
    }),
  };
}

/** Repeats the next result so many times. */
export function repeating(times: number): Distortion {
  return once((result) => Array.from({ length: times + 1 }, () => result));
}

/** Leaves only so many items in each list at the root of the next result's data. */
export function truncating(limit: number): Distortion {
  return once((result) => [
    isObject(result.data) ? { ...result, data: cutLists(result.data, limit) } : result,
  ]);
}

/** Pads the next result, in its `extensions`, so that its JSON has so many bytes. */
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

function once(distort: (result: ExecutionResult) => readonly ExecutionResult[]): Distortion {
  return { held: [], take: (result) => ({ results: distort(result) }) };
}

function cutLists(data: Readonly<Record<string, unknown>>, limit: number) {
  return Object.fromEntries(
    Object.entries(data).map(([field, value]): [string, unknown] => [
      field,
      Array.isArray(value) ? value.slice(0, limit) : value,
    ]),
  );
}
