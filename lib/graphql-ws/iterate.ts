import { noop } from 'rxjs';
import type { GraphQLWsSink } from './client.js';

/** An operation as an iterator. It begins at once, and results wait until they are asked for. */
export function iterate<T>(
  subscribe: (sink: GraphQLWsSink<T>) => () => void,
): AsyncIterableIterator<T> {
  const queue = createQueue<T>();
  const leave = subscribe({
    next: queue.push,
    error: (error) => queue.end(throwing(error)),
    complete: () => queue.end(noop),
  });
  const drop = (how: () => void) => {
    queue.clear();
    queue.end(how);
    leave();
    return Promise.resolve({ done: true as const, value: undefined });
  };
  // the generator's own would wait for the result that a call of `next` waits for
  return Object.assign(queue.drain(), {
    return: () => drop(noop),
    throw: (error: unknown) => drop(throwing(error)),
  });
}

const throwing = (error: unknown) => () => {
  throw error;
};

/** Results that wait to be asked for, and behind them the end. */
function createQueue<T>() {
  const results: T[] = [];
  let end: (() => void) | undefined;
  let wake: () => void = noop;
  return {
    push(result: T) {
      results.push(result);
      wake();
    },
    /** @param how - is called when all results were taken. The first end counts. */
    end(how: () => void) {
      end ??= how;
      wake();
    },
    clear() {
      results.length = 0;
    },
    async *drain() {
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
    },
  };
}
