import type { RunHelpers } from 'rxjs/testing';
import { TestScheduler } from 'rxjs/testing';
import { marbleEqual } from 'rx-graphql-ws/testing';

/** Compares in virtual time, by `marbleEqual`. */
export const compareIn = (test: (helpers: RunHelpers) => void) => {
  new TestScheduler(marbleEqual).run(test);
};

/** What a body throws. */
export function failure(test: (helpers: RunHelpers) => void): Error {
  try {
    compareIn(test);
  } catch (error) {
    return error as Error;
  }
  throw new Error('nothing was thrown');
}

/** A stream against another, by their marbles. */
export const compare =
  (actual: string, expected: string, values?: object, errors: readonly unknown[] = []) =>
  ({ cold, expectObservable }: RunHelpers) => {
    expectObservable(cold(actual, values as Record<string, unknown>, errors[0])).toBe(
      expected,
      values,
      errors[1],
    );
  };
