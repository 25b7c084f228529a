import type { Subscriber } from 'rxjs';
import type { ExecutionResult } from '../types.js';
import type { SelectDataOptions } from './select-data.js';
import { deliverData, isValue } from './select-data.js';

/** One of those who hear the same results. */
export interface Listener extends SelectDataOptions {
  readonly subscriber: Subscriber<unknown>;
  /** The number of the last result that is not for it, unless as a replay: who comes while one is delivered is no part of that. */
  since: number;
}

/** Those who hear the same results, and what is kept for who comes late. */
export interface Audience {
  /** Whether a result would be lost on it. */
  readonly indifferent: boolean;
  readonly size: number;
  /** Gives the listener up to `replay` of the latest values, and each that follows. */
  join(listener: Listener, replay: number): void;
  /** Silence at once. */
  leave(listener: Listener): void;
  deliver(result: ExecutionResult): void;
  /** Tells all of the end. */
  end(tell: (subscriber: Subscriber<unknown>) => void): void;
}

/**
 * To come and to go takes the same time however many there are, which of a Subject's subscribers is not true; and what comes from
 * within a callback waits until all have what came before it, which a Subject gives to some in the wrong order.
 */
export function createAudience(): Audience {
  const listeners = new Set<Listener>();
  /** To each policy other results are values, and each may want its `replay` of them. */
  const kept = { none: createMemory(), ignore: createMemory() };
  /** Deliveries under way. To call one again gives those who are left what is theirs. */
  const underWay = new Set<() => void>();
  let capacity = 0;
  let results = 0;

  const run = (delivery: () => void) => {
    underWay.add(delivery);
    delivery();
    underWay.delete(delivery);
  };
  const runInTurn = (delivery: () => void) => {
    underWay.add(delivery);
    for (const each of underWay) run(each);
  };
  const keep = (result: ExecutionResult) => {
    for (const errorPolicy of ['none', 'ignore'] as const) {
      if (isValue(result, { errorPolicy })) kept[errorPolicy].keep(result.data, capacity);
    }
  };
  const replayTo = ({ subscriber, errorPolicy = 'none' }: Listener, replay: number) => {
    const latest = kept[errorPolicy].latest(replay).values();
    run(() => {
      for (const value of latest) {
        if (!subscriber.closed) subscriber.next(value);
      }
    });
  };
  return {
    get indifferent() {
      return listeners.size === 0 && capacity === 0;
    },
    get size() {
      return listeners.size;
    },
    join(listener, replay) {
      listener.since = results;
      listeners.add(listener);
      capacity = Math.max(capacity, replay);
      if (replay > 0) replayTo(listener, replay);
    },
    leave(listener) {
      listeners.delete(listener);
    },
    deliver(result) {
      const { data, errors } = result;
      if (capacity > 0) keep(result);
      results += 1;
      const number = results;
      // the same value for everybody: nothing is left to do for each but to give it
      const simple = errors == null && data != null;
      const all = listeners.values();
      runInTurn(() => {
        for (const listener of all) {
          if (listener.since >= number) continue;
          if (simple) listener.subscriber.next(data);
          else give(result, listener);
        }
      });
    },
    end(tell) {
      runInTurn(() => {
        for (const { subscriber } of listeners) tell(subscriber);
      });
    },
  };
}

function give(result: ExecutionResult, listener: Listener): void {
  try {
    deliverData(result, listener, listener.subscriber);
  } catch (error) {
    listener.subscriber.error(error);
  }
}

function createMemory() {
  const values = new Map<number, unknown>();
  let count = 0;

  return {
    /** Forgets what `capacity` others have followed. */
    keep(value: unknown, capacity: number) {
      count += 1;
      values.set(count, value);
      values.delete(count - capacity);
    },
    latest(most: number): unknown[] {
      const latest: unknown[] = [];
      for (let n = count - Math.min(most, values.size) + 1; n <= count; n += 1)
        latest.push(values.get(n));
      return latest;
    },
  };
}
