import type { GraphQLTestServerOptions } from '../graphql-test-server-options.js';
import type { OperationHandler } from '../operation-handler.js';
import { createFeed } from './create-feed.js';
import { noTruth, type Truth } from './truth.js';

/** What answers operations, and what is true of it. */
export interface Answers {
  /** For those on a socket. */
  readonly handle: OperationHandler;
  /** For those that come by POST: the first value counts. */
  readonly post: OperationHandler;
  readonly truth: Truth;
}

/**
 * Answers operations from the server's feed, or else from its handler.
 *
 * @param options - the server's
 * @throws TypeError - it has both
 */
export function answerOperations({
  handle = unhandled,
  feed,
  backfill: { horizon = false, maxRows = 25_000 } = {},
  seed = 1,
}: Pick<GraphQLTestServerOptions, 'handle' | 'feed' | 'backfill' | 'seed'>): Answers {
  if (!feed) return { handle, post: handle, truth: noTruth };
  if (handle !== unhandled)
    throw new TypeError('expected `feed` or `handle`, got both: the results come from one of them');
  const { select, ...rest } = createFeed(feed, seed, { horizon, maxRows });
  return { ...rest, post: select };
}

function unhandled(): never {
  throw new Error('this test server has no handler');
}
