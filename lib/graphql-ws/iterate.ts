import { noop } from 'rxjs';
import type { GraphQLWsSink } from './client.js';

/** An operation as an iterator. It begins at once, and results wait until they are asked for. */
export function iterate<T>(
  subscribe: (sink: GraphQLWsSink<T>) => () => void,
): AsyncIterableIterator<T> {
  const results: T[] = [];
  let end: (() => void) | undefined;
  let wake: () => void = noop;
  const finish = (how: () => void) => {
    end ??= how;
    wake();
  };
  const leave = subscribe({
    next(result) {
      results.push(result);
      wake();
    },
    error(error) {
      finish(() => {
        throw error;
      });
    },
    complete() {
      finish(() => undefined);
    },
  });
  async function* generate() {
    for (;;) {
      while (results.length > 0) yield results.shift() as T;
      if (end) {
        end();
        return;
      }
      await new Promise<void>((resolve) => {
        wake = resolve;
      });
    }
  }
  const drop = (how: () => void) => {
    results.length = 0;
    finish(how);
    leave();
    return Promise.resolve({ done: true as const, value: undefined });
  };
  // the generator's own would wait for the result that a call of `next` waits for
  return Object.assign(generate(), {
    return: () => drop(() => undefined),
    throw: (error: unknown) =>
      drop(() => {
        throw error;
      }),
  });
}
