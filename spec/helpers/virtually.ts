import { expect } from 'chai';
import type { Observable } from 'rxjs';
import { config } from 'rxjs';
import type { RunHelpers } from 'rxjs/testing';
import { TestScheduler } from 'rxjs/testing';
import { marbleEqual } from 'rx-graphql-ws/testing';
import type { GraphQLSocketError } from '../../lib/errors.js';

/** Virtual time, by marbles or step by step. */
export interface VirtualTime extends RunHelpers {
  now(): number;
  /** Lets `ms` pass, and runs what is due. */
  advance(ms: number): void;
  /** How many timers wait, of whomever. */
  timers(): number;
  /** Subscribes, and writes down what comes when. */
  record<T>(source$: Observable<T>): Recording<T>;
}

export interface Recording<T> {
  readonly values: readonly T[];
  /** `[ms, value]`, `[ms, 'error', name]` and `[ms, 'complete']`, in order. */
  readonly log: readonly unknown[][];
  /** What it ended with. */
  readonly error: GraphQLSocketError;
  unsubscribe(): void;
}

/** The body of a test in virtual time. What rxjs finds unhandled fails it. */
export function virtually(test: (time: VirtualTime) => void): () => void {
  return () => {
    const unhandled: unknown[] = [];
    config.onUnhandledError = (error) => unhandled.push(error);
    const scheduler = new TestScheduler(marbleEqual);
    try {
      scheduler.run((helpers) => {
        const now = () => scheduler.now();
        const advance = (ms: number) => {
          scheduler.schedule(() => undefined, ms);
          scheduler.maxFrames = scheduler.frame + ms;
          scheduler.flush();
        };
        const timers = () => scheduler.actions.length;
        const recordNow = <T>(source$: Observable<T>) => record(source$, now);
        // a timer that leaks ends the test, instead of going on for ever
        scheduler.maxFrames = 3_600_000;
        test({ ...helpers, now, advance, timers, record: recordNow });
      });
    } finally {
      config.onUnhandledError = null;
    }
    expect(unhandled, 'unhandled errors').to.deep.equal([]);
  };
}

function record<T>(source$: Observable<T>, now: () => number): Recording<T> {
  const values: T[] = [];
  const log: unknown[][] = [];
  let error: unknown;
  const subscription = source$.subscribe({
    next(value) {
      values.push(value);
      log.push([now(), value]);
    },
    error(thrown: unknown) {
      error = thrown;
      log.push([now(), 'error', (thrown as Error).name]);
    },
    complete() {
      log.push([now(), 'complete']);
    },
  });
  return {
    values,
    log,
    get error() {
      return error as GraphQLSocketError;
    },
    unsubscribe: () => subscription.unsubscribe(),
  };
}
