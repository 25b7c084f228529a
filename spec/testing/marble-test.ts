import type { RunHelpers } from 'rxjs/testing';
import { TestScheduler } from 'rxjs/testing';
import type { GraphQLSocketConfig, WebSocketConstructor } from 'rx-graphql-ws';
import { graphqlSocket } from 'rx-graphql-ws';
import { marbleEqual } from 'rx-graphql-ws/testing';

export const document = 'subscription { price }';
export const init = { type: 'connection_init' };

/** The body of a test in virtual time. */
export const run = (test: (helpers: RunHelpers) => void) => () => {
  new TestScheduler(marbleEqual).run(test);
};

/** Creates a socket object that dials again 10 ms after a loss. */
export const socketOver = (
  webSocketImpl: WebSocketConstructor,
  config: Partial<GraphQLSocketConfig> = {},
) =>
  graphqlSocket({
    ...{ url: 'ws://server/graphql', webSocketImpl, pingInterval: false, retry: { delay: 10 } },
    ...config,
  });

/** Gives the error that a test body throws in virtual time. */
export function failure(
  test: (helpers: RunHelpers) => void,
  assertDeepEqual: (actual: unknown, expected: unknown) => void = marbleEqual,
): Error {
  try {
    new TestScheduler(assertDeepEqual).run(test);
  } catch (error) {
    return error as Error;
  }
  throw new Error('nothing was thrown');
}

/** Gives the message of that error. */
export const fails = (test: (helpers: RunHelpers) => void) => failure(test).message;
