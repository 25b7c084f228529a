import type { RequestListener } from 'node:http';
import { text } from 'node:stream/consumers';
import { defer, fromEvent, map, mergeMap, of, takeUntil } from 'rxjs';
import { must } from '../check.js';
import type { GraphQLTestServerOptions } from '../graphql-test-server-options.js';
import type { LedgerWriter } from '../ledger.js';
import type { OperationHandler } from '../operation-handler.js';
import { answerPost, json } from './answer-post.js';
import { answerRequests, type OnPost } from './answer-requests.js';
import { readPost } from './post-request.js';

/** A lever of the test server on its HTTP side. */
export interface Throttle {
  /**
   * Answers POSTs with 429, at once.
   *
   * @param times - the next so many; 0 for none any more. Default 1
   * @param retryAfter - the header `Retry-After`, in seconds. Default 5
   * @throws TypeError - not whole numbers
   */
  throttle(times?: number, retryAfter?: number): void;
}

/** The HTTP side of a server. */
export interface Backfill extends Throttle {
  readonly onRequest: RequestListener;
}

/**
 * Answers operations over HTTP.
 *
 * @param options - the server's
 * @param handle - its first value is the result
 * @param write - the ledger's
 */
export function createBackfill(
  { backfill = {}, seed = 1 }: Pick<GraphQLTestServerOptions, 'backfill' | 'seed'>,
  handle: OperationHandler,
  write: LedgerWriter['write'],
): Backfill {
  const answer = answerPost(backfill, seed, handle);
  let throttled = 0;
  let wait = 0;
  let count = 0;
  const onPost: OnPost = (incoming, response) => {
    const id = `http-${++count}`;
    defer(() => text(incoming))
      .pipe(
        mergeMap((body) => {
          const post = readPost(id, incoming, body);
          const answer$ = throttled-- > 0 ? of(tooMany(wait)) : answer(post);
          return answer$.pipe(map((given) => ({ post, given })));
        }),
        takeUntil(fromEvent(response, 'close')),
      )
      .subscribe({
        next: ({ post, given: { status, headers, body } }) => {
          write({ type: 'request', ...post, status });
          response.writeHead(status, headers).end(body);
        },
        // The client left in the middle of its request: nothing else fails.
        error: response.destroy.bind(response),
      });
  };
  return {
    onRequest: answerRequests(onPost),
    throttle: (times = 1, retryAfter = 5) => {
      whole('times', times);
      whole('retryAfter', retryAfter);
      throttled = times;
      wait = retryAfter;
    },
  };
}

const whole = must(
  'a whole number ≥ 0',
  (value) => Number.isSafeInteger(value) && (value as number) >= 0,
);

function tooMany(wait: number) {
  const errors = [{ message: 'too many requests' }];
  return json(
    429,
    { errors },
    { 'Retry-After': String(wait), 'Access-Control-Expose-Headers': 'Retry-After' },
  );
}
