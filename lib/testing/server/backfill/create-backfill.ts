import type { RequestListener } from 'node:http';
import { catchError, defer, fromEvent, map, mergeMap, of, takeUntil } from 'rxjs';
import { wholeNumber, wholeOrInfinity } from '../check.js';
import { checkFirst, type ArgumentChecks } from '../faults/check-first.js';
import type { GraphQLTestServerOptions } from '../graphql-test-server-options.js';
import type { LedgerWriter } from '../ledger.js';
import type { OperationHandler } from '../operation-handler.js';
import { answerPost, json, type HttpAnswer } from './answer-post.js';
import { answerRequests, type OnPost } from './answer-requests.js';
import type { Scripts } from '../run-scripts.js';
import { readPost, type PostRequest } from './post-request.js';
import { readBody } from './read-body.js';

/** A lever of the test server on its HTTP side. */
export interface Throttle {
  /**
   * Answers POSTs with 429, at once.
   *
   * @param times - the next so many; `Infinity` until `throttle(0)`, which ends it: `accept()` does not. Default 1
   * @param retryAfter - the header `Retry-After`, in seconds. Default 5
   * @throws TypeError - not whole numbers, nor `Infinity` times
   */
  throttle(times?: number, retryAfter?: number): void;
}

/** The checks of its arguments. */
export const throttleChecks: ArgumentChecks<Throttle> = {
  throttle: (times = 1, retryAfter = 5) => {
    wholeOrInfinity(0)('times', times);
    wholeNumber(0)('retryAfter', retryAfter);
  },
};

// More than any operation takes, and no more than a memory can lose.
const maxBody = 2 ** 20;

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
 * @param fail - is told of what the user's functions must not return
 */
export function createBackfill(
  { backfill = {}, seed = 1 }: Pick<GraphQLTestServerOptions, 'backfill' | 'seed'>,
  handle: OperationHandler,
  write: LedgerWriter['write'],
  fail: Scripts['fail'],
): Backfill {
  const answer = answerPost(backfill, seed, handle);
  let throttled = 0;
  let wait = 0;
  let count = 0;
  const onPost: OnPost = (incoming, response) => {
    const id = `http-${++count}`;
    const answerTo = (body: string | undefined, post: PostRequest) => {
      if (body === undefined) return of(tooLarge);
      if (throttled-- > 0) return of(tooMany(wait));
      return answer(post).pipe(
        catchError((error: unknown) => {
          fail(error);
          return of<HttpAnswer>({ status: 500 });
        }),
      );
    };
    defer(() => readBody(incoming, maxBody))
      .pipe(
        mergeMap((body) => {
          const post = readPost(id, incoming, body ?? '');
          return answerTo(body, post).pipe(map((given) => ({ post, given })));
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
    ...checkFirst<Throttle>(
      {
        throttle: (times = 1, retryAfter = 5) => {
          throttled = times;
          wait = retryAfter;
        },
      },
      throttleChecks,
    ),
  };
}

const tooLarge = json(413, { errors: [{ message: `the body has more than ${maxBody} bytes` }] });

function tooMany(wait: number) {
  const errors = [{ message: 'too many requests' }];
  return json(
    429,
    { errors },
    { 'Retry-After': String(wait), 'Access-Control-Expose-Headers': 'Retry-After' },
  );
}
