import type { Subscriber } from 'rxjs';
import type { ExecutionResult } from '../types.js';
import type { SelectDataOptions } from './select-data.js';
import { deliverData } from './select-data.js';

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
  const kept = new Map<number, ExecutionResult>();
  /** Deliveries under way. To call one again gives those who are left what is theirs. */
  const underWay = new Set<() => void>();
  let capacity = 0;
  let results = 0;
  let lastKept = 0;

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
    lastKept += 1;
    kept.set(lastKept, result);
    kept.delete(lastKept - capacity);
  };
  const replayTo = (listener: Listener, replay: number) => {
    const latest: ExecutionResult[] = [];
    const first = lastKept - Math.min(replay, kept.size) + 1;
    for (let n = first; n <= lastKept; n += 1) latest.push(kept.get(n) as ExecutionResult);
    const rest = latest.values();
    run(() => {
      for (const result of rest) {
        // an error that was another's is no value
        if (!listener.subscriber.closed) give(result, listener, ignore);
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
      if (capacity > 0 && data !== undefined) keep(result);
      results += 1;
      const number = results;
      // the same value for everybody: nothing is left to do for each but to give it
      const simple = errors == null && data != null;
      const all = listeners.values();
      runInTurn(() => {
        for (const listener of all) {
          if (listener.since >= number) continue;
          if (simple) listener.subscriber.next(data);
          else give(result, listener, fail);
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

function give(
  result: ExecutionResult,
  listener: Listener,
  refuse: (listener: Listener, error: unknown) => void,
): void {
  try {
    deliverData(result, listener, listener.subscriber);
  } catch (error) {
    refuse(listener, error);
  }
}

function fail({ subscriber }: Listener, error: unknown): void {
  subscriber.error(error);
}

function ignore(): void {
  // nobody is told
}
