import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import {
  catchError,
  defaultIfEmpty,
  defer,
  fromEvent,
  map,
  mergeMap,
  type Observable,
  of,
  take,
  takeUntil,
} from 'rxjs';
import { parsed } from '../json.js';
import { withGetters } from '../with-getters.js';
import type { HttpRefusal } from './api/peer.js';
import type { ConnectionContext, OperationHandler, PostRequest } from './api/options.js';
import { checkUpgradeVerdict } from './check-faults.js';
import type { Core } from './core.js';
import { after, eventually } from './eventually.js';
import { formatErrors, readRequest } from './operations.js';
import { seededRandom } from './seeded-random.js';
import type { Tokens } from './tokens.js';

/** Bytes: more than any operation needs. */
const maxBody = 2 ** 20;

/** Answers operations over HTTP. @param handle - its first value is the result */
export function createBackfill(core: Core, tokens: Tokens, handle: OperationHandler) {
  let throttled: HttpRefusal | undefined;
  let left = 0;
  const answer = createAnswer(core, tokens, handle);
  let count = 0;
  const onPost = (incoming: IncomingMessage, response: ServerResponse) => {
    const id = `http-${++count}`;
    const { url = '', headers } = incoming;
    defer(() => readBody(incoming))
      .pipe(
        mergeMap((body) => {
          const request = readRequest(id, parsed(body ?? ''));
          const post = { url, headers, request };
          const refusal = body === undefined ? tooLong : left-- > 0 ? throttled : undefined;
          return (refusal ? of(refusal) : answer(post)).pipe(map((given) => ({ post, given })));
        }),
        takeUntil(fromEvent(response, 'close')),
      )
      .subscribe({
        next: ({ post, given: { status, headers: fields, body } }) => {
          core.write({ type: 'request', ...post, status });
          response.writeHead(status, fields).end(body);
        },
        // The only error: the client left before the end of its request.
        error: response.destroy.bind(response),
      });
  };
  const throttle = (times = 1, retryAfter = 5) => {
    left = times;
    const exposed = { 'Access-Control-Expose-Headers': 'Retry-After' };
    const fields = { 'Retry-After': String(retryAfter), ...exposed };
    throttled = failure(429, 'too many requests', fields);
  };
  return { onRequest: answerRequests(onPost), throttle };
}

/** Reads all of a body, because a client sends everything before it reads the answer. One that is too long is not kept, and gives `undefined`. */
async function readBody(incoming: IncomingMessage): Promise<string | undefined> {
  const kept: Buffer[] = [];
  let length = 0;
  for await (const chunk of incoming as AsyncIterable<Buffer>) {
    length += chunk.length;
    if (length <= maxBody) kept.push(chunk);
  }
  return length > maxBody ? undefined : Buffer.concat(kept).toString();
}

/** Answers operations after GraphQL over HTTP for `application/json`. */
function createAnswer({ options, fail }: Core, { admitPost }: Tokens, handle: OperationHandler) {
  const { authorize, latency = 0 } = options.backfill;
  const random = seededRandom(options.seed);
  const [least, most] = typeof latency === 'number' ? [latency, latency] : latency;
  return (post: PostRequest): Observable<HttpRefusal> => {
    const { url, headers } = post;
    return after(least + (most - least) * random()).pipe(
      mergeMap(() => eventually(() => admitPost(post) ?? authorize?.({ url, headers }))),
      catchError(() => of({ status: 500 })),
      mergeMap((verdict) => {
        checkUpgradeVerdict('backfill.authorize', verdict);
        if (typeof verdict === 'object') return of(verdict);
        return verdict === false ? of({ status: 401 }) : execute(post, handle);
      }),
      catchError((error: unknown) => {
        fail(error);
        return of({ status: 500 });
      }),
    );
  };
}

function execute(post: PostRequest, handle: OperationHandler): Observable<HttpRefusal> {
  const { request } = post;
  if (!request) return of(failure(400, 'expected a JSON object with a `query`'));
  return defer(() => handle(request, contextOf(post))).pipe(
    defaultIfEmpty({ errors: [{ message: 'the handler gave no result' }] }),
    take(1),
    map((result) => json(200, result)),
    catchError((error: unknown) => of(json(200, { errors: formatErrors(error) }))),
  );
}

/** The context of an operation that came by POST. It has no connection. */
function contextOf({ url, headers }: PostRequest): ConnectionContext {
  const explain = (member: string) => (): never => {
    throw new Error(`there is no \`${member}\` for an operation that came by POST`);
  };
  return withGetters(
    { url, headers, connectionParams: undefined },
    { peer: explain('peer'), subprotocol: explain('subprotocol') },
  );
}

function json(status: number, value: unknown, fields?: HttpRefusal['headers']): HttpRefusal {
  const headers = { 'Content-Type': 'application/json; charset=utf-8', ...fields };
  return { status, headers, body: JSON.stringify(value) };
}

function failure(status: number, message: string, fields?: HttpRefusal['headers']): HttpRefusal {
  return json(status, { errors: [{ message }] }, fields);
}

const tooLong = failure(413, `the body has more than ${maxBody} bytes`);

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
