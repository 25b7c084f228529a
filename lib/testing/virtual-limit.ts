import type { RunHelpers, TestScheduler } from 'rxjs/testing';

/** What of a TestScheduler its helpers do not give. */
interface Clock {
  maxFrames: number;
  readonly actions: readonly { readonly delay: number }[];
  assertDeepEqual: TestScheduler['assertDeepEqual'];
}

/**
 * Stops virtual time. An expectation that is judged while something is still to come fails, and says so: without, a stream that
 * retries or pings for ever would never let `run` end.
 *
 * @param limit - ms, for the rest of this `run`
 * @param witness - what to add to the message of an expectation that fails
 */
export function limitVirtualTime(
  { cold }: Pick<RunHelpers, 'cold'>,
  limit: number,
  witness: () => string,
): void {
  // the only way from the helpers to their scheduler
  const { scheduler } = cold('-') as unknown as { readonly scheduler: Clock };
  const { assertDeepEqual } = scheduler;
  scheduler.maxFrames = limit;
  scheduler.assertDeepEqual = (actual, expected) => {
    if (scheduler.actions.some(({ delay }) => delay > scheduler.maxFrames)) {
      throw new Error(
        `virtual time was stopped at ${scheduler.maxFrames} ms with more to come: a retry, a ping or an interval in this test never ends. ` +
          "Give the expectation an unsubscription line: expectObservable(stream$, '^ 100ms !')",
      );
    }
    try {
      assertDeepEqual(actual, expected);
    } catch (error) {
      throw withWitness(error, witness());
    }
  };
}

/** The same error: its class, and what a runner prints of it, may matter. */
function withWitness(error: unknown, seen: string): unknown {
  if (!(error instanceof Error) || error.message.endsWith(seen)) return error;
  const { message } = error;
  error.message = `${message}\n${seen}`;
  // runners look for the message in the stack, to print it once
  if (error.stack) error.stack = error.stack.replace(message, () => error.message);
  return error;
}
