import type { RunHelpers } from 'rxjs/testing';
import { TestScheduler } from 'rxjs/testing';
import type { GraphQLSocketConfig } from 'rx-graphql-ws';
import { graphqlSocket } from 'rx-graphql-ws';
import type { MarbleSocket, MarbleValues } from 'rx-graphql-ws/testing';
import { marbleEqual, marbleSocket } from 'rx-graphql-ws/testing';

export const document = 'subscription { price }';
export const subscribe = (id: string, type = 'subscribe') => ({
  type,
  id,
  payload: { query: document },
});
export const complete = (id: string) => ({ type: 'complete', id });
export const init = { type: 'connection_init' };

/** The body of a test in virtual time. */
export const run = (test: (helpers: RunHelpers) => void) => () => {
  new TestScheduler(marbleEqual).run(test);
};

/** A socket object that dials a marble server, and again after 10 ms. */
export function socketOver(server: MarbleSocket, config: Partial<GraphQLSocketConfig> = {}) {
  const url = 'ws://server/graphql';
  return graphqlSocket({
    url,
    webSocketImpl: server,
    pingInterval: false,
    retry: { delay: 10 },
    ...config,
  });
}

/** What a subscriber of one operation sees. */
export function watch(
  helpers: RunHelpers,
  script: string,
  values?: MarbleValues,
  config?: Partial<GraphQLSocketConfig>,
) {
  const server = marbleSocket(helpers, [script], values);
  return helpers.expectObservable(
    socketOver(server, { retry: false, ...config }).subscribe$(document),
    '^ 50ms !',
  );
}

/** The message of what a body throws. */
export const fails = (test: (helpers: RunHelpers) => void) => {
  try {
    run(test)();
  } catch (error) {
    return (error as Error).message;
  }
  return 'nothing was thrown';
};
