import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import { catchError, defer, fromEvent, map, mergeMap, of, takeUntil } from 'rxjs';
import { wholeNumber, wholeOrInfinity } from '../../check.js';
import type { LedgerWriter } from '../ledger.js';
import type { OperationHandler } from '../operation-handler.js';
import type { GraphQLTestServerOptions } from '../options.js';
import type { Scripts } from '../run-scripts.js';
import type { Prepared, Throttle } from '../server-faults.js';
import type { HttpRefusal } from '../verdict.js';
import { answerPost, errorAnswer, type PostRequest, readBody, readPost } from './answer-post.js';

interface Backfill extends Prepared<Throttle> {
  readonly onRequest: RequestListener;
}

/** Bytes: more than any operation needs. */
const maxBody = 2 ** 20;

/**
 * Answers operations over HTTP.
 * @param handle - its first value is the result
 * @param fail - gets the TypeError about a wrong verdict of the user's `authorize`
 */
export function createBackfill(
  { backfill = {}, seed = 1 }: Pick<GraphQLTestServerOptions, 'backfill' | 'seed'>,
  handle: OperationHandler,
  write: LedgerWriter['write'],
  fail: Scripts['fail'],
): Backfill {
  const answer = answerPost(backfill, seed, handle);
  const { refuse, throttle } = createThrottle();
  let count = 0;
  const answerTo = (body: string | undefined, post: PostRequest) => {
    if (body === undefined) return of(errorAnswer(413, `the body has more than ${maxBody} bytes`));
    const refusal = refuse();
    if (refusal) return of(refusal);
    return answer(post).pipe(
      catchError((error: unknown) => {
        fail(error);
        return of<HttpRefusal>({ status: 500 });
      }),
    );
  };
  const onPost = (incoming: IncomingMessage, response: ServerResponse) => {
    const id = `http-${++count}`;
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
        // The only error: the client left before the end of its request.
        error: response.destroy.bind(response),
      });
  };
  return { onRequest: answerRequests(onPost), throttle };
}

function createThrottle() {
  let left = 0;
  let headers = {};
  const throttle: Prepared<Throttle>['throttle'] = (times = 1, retryAfter = 5) => {
    wholeOrInfinity(0)('times', times);
    wholeNumber(0)('retryAfter', retryAfter);
    return () => {
      left = times;
      headers = {
        'Retry-After': String(retryAfter),
        'Access-Control-Expose-Headers': 'Retry-After',
      };
    };
  };
  /** The answer to the next POST, as long as there are too many. */
  const refuse = () => (left-- > 0 ? errorAnswer(429, 'too many requests', headers) : undefined);
  return { refuse, throttle };
}

/** Answers the HTTP requests that ask for no upgrade. A page of any origin may read the answers. */
function answerRequests(onPost: RequestListener): RequestListener {
  return (request, response) => {
    const { method, url, headers } = request;
    const refuse = (status: number, fields = {}) => response.writeHead(status, fields).end();
    response.setHeader('Access-Control-Allow-Origin', '*');
    if (url?.split('?', 1)[0] !== '/graphql') refuse(404);
    else if (method === 'POST') onPost(request, response);
    else if (method === 'GET') refuse(426, { Connection: 'close', Upgrade: 'websocket' });
    else if (method === 'OPTIONS') {
      // `*` would not include Authorization.
      const asked = headers['access-control-request-headers'] ?? 'Content-Type';
      const allowed = { 'Access-Control-Allow-Methods': 'POST' };
      refuse(204, { ...allowed, 'Access-Control-Allow-Headers': asked });
    } else refuse(405, { Allow: 'POST, OPTIONS' });
  };
}
