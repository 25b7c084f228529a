import type { Reading } from '../connection/pausing.js';
import { ConfigurationError } from '../errors.js';
import type { Queue } from './queue.js';

/** What becomes of values that are not worked on at once, over one subscription. What is thrown is the error of the stream. */
export interface Overflow<T> {
  /** Any value has come. */
  arrive?(): void;
  /** One that must wait. */
  wait(value: T, queue: Queue<T>): void;
  /** So many wait now. */
  settle?(waiting: number, busy: boolean): void;
  /** None will come any more. */
  end?(): void;
}

/** Of fewer than these the last is waited for: half of them would be gone at once. */
const few = 4;

export function refuse<T>(capacity: number): Overflow<T> {
  return {
    wait(value, queue) {
      if (queue.size >= capacity) {
        const message = `more than \`capacity\` = ${capacity} values wait: the consumer is slower than the source`;
        throw new ConfigurationError('capacity', message);
      }
      queue.push(value);
    },
  };
}

/** @param dropped - is told how many were dropped so far */
export function drop<T>(
  capacity: number,
  which: 'oldest' | 'newest',
  dropped?: (count: number) => void,
): Overflow<T> {
  let count = 0;
  return {
    wait(value, queue) {
      const full = queue.size >= capacity;
      const replaces = which === 'oldest' && capacity > 0;
      if (full && replaces) queue.take();
      if (!full || replaces) queue.push(value);
      if (!full) return;
      count += 1;
      dropped?.(count);
    },
  };
}

/** Stops the reading when `capacity` wait, until half of them are left. All that has been read by then waits, too. */
export function pause<T>(capacity: number, reading: Reading): Overflow<T> {
  const enough = capacity < few ? 0 : Math.floor(capacity / 2);
  let resume: (() => void) | undefined;
  const end = () => {
    const held = resume;
    resume = undefined;
    held?.();
  };
  return {
    arrive() {
      if (reading.pausable === false) {
        const message =
          "`overflow: 'pause'` needs a WebSocket that can stop reading, as that of `ws` in Node; this one cannot, as none of a browser's: " +
          "use 'error', 'dropOldest' or 'dropNewest'";
        throw new ConfigurationError('overflow', message);
      }
    },
    wait(value, queue) {
      queue.push(value);
    },
    settle(waiting, busy) {
      if (busy && waiting >= capacity) resume ??= reading.pause();
      else if (waiting <= enough) end();
    },
    end,
  };
}
