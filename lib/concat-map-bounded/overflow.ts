import type { Observable, Subscription } from 'rxjs';
import type { LiveConnection } from '../connection/connection.js';
import { ConfigurationError } from '../errors.js';
import type { Queue } from './queue.js';

/** Decides what happens to values that must wait, over one subscription. An error that it throws is the error of the stream. */
export interface Overflow<T> {
  /** Any value has come. */
  arrive?(): void;
  /** A value that must wait. */
  wait(value: T, queue: Queue<T>): void;
  /** So many wait now. */
  settle?(waiting: number, busy: boolean): void;
  /** None will come any more. */
  end?(): void;
}

/** Below this capacity, reading resumes only when the queue is empty, because half of so few drains at once. */
const minCapacityForHalf = 4;

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

/**
 * Stops reading when `capacity` values wait, until half of them are left. Values that were read by then wait, too. It follows the
 * connections from the first value on: a connection that comes while reading is stopped does not read either.
 *
 * @param current$ - the present connection, and each that follows; does not dial
 */
export function pause<T>(
  capacity: number,
  current$: Observable<LiveConnection | undefined>,
): Overflow<T> {
  const resumeAt = capacity < minCapacityForHalf ? 0 : Math.floor(capacity / 2);
  let following: Subscription | undefined;
  let current: LiveConnection | undefined;
  let paused = false;

  const setPaused = (value: boolean) => {
    if (value === paused) return;
    paused = value;
    if (value) current?.pause();
    else current?.resume();
  };
  return {
    arrive() {
      // eslint-disable-next-line rxjs-x/no-ignored-error -- it never errors
      following ??= current$.subscribe((connection) => {
        current = connection;
        if (paused) current?.pause();
      });
      if (current && !current.lost && !current.pausable) {
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
      if (busy && waiting >= capacity) setPaused(true);
      else if (waiting <= resumeAt) setPaused(false);
    },
    end() {
      setPaused(false);
      following?.unsubscribe();
    },
  };
}
