import type { IncomingMessage } from 'node:http';
import { catchError, defaultIfEmpty, defer, map, mergeMap, type Observable, of, take } from 'rxjs';
import { withGetters } from '../../with-getters.js';
import { checkUpgradeVerdict } from '../check-frame.js';
import {
  type ConnectionContext,
  formatErrors,
  type OperationHandler,
  type OperationRequest,
  readRequest,
} from '../operation-handler.js';
import { seededRandom } from '../seeded-random.js';
import {
  after,
  eventually,
  type Eventually,
  type HttpRefusal,
  type UpgradeRequest,
  type UpgradeVerdict,
} from '../verdict.js';

/** Answers operations after GraphQL over HTTP for `application/json`. An answer fails if `authorize` returned no verdict. */
export function answerPost(
  { authorize, latency = 0 }: BackfillOptions,
  seed: number,
  handle: OperationHandler,
): (post: PostRequest) => Observable<HttpRefusal> {
  const random = seededRandom(seed);
  const [least, most] = typeof latency === 'number' ? [latency, latency] : latency;
  const execute = (post: PostRequest) => {
    const { request } = post;
    if (!request) return of(errorAnswer(400, 'expected a JSON object with a `query`'));
    return defer(() => handle(request, contextOf(post))).pipe(
      defaultIfEmpty({ errors: [{ message: 'the handler gave no result' }] }),
      take(1),
      map((result) => json(200, result)),
      catchError((error: unknown) => of(json(200, { errors: formatErrors(error) }))),
    );
  };
  return (post) =>
    after(least + (most - least) * random()).pipe(
      mergeMap(() => eventually(() => authorize?.({ url: post.url, headers: post.headers }))),
      catchError(() => of({ status: 500 })),
      mergeMap((verdict) => {
        checkUpgradeVerdict('backfill.authorize', verdict);
        if (typeof verdict === 'object') return of(verdict);
        return verdict === false ? of({ status: 401 }) : execute(post);
      }),
    );
}

export function errorAnswer(
  status: number,
  message: string,
  headers?: HttpRefusal['headers'],
): HttpRefusal {
  return json(status, { errors: [{ message }] }, headers);
}

function json(status: number, value: unknown, headers?: HttpRefusal['headers']): HttpRefusal {
  const type = { 'Content-Type': 'application/json; charset=utf-8' };
  return { status, headers: { ...type, ...headers }, body: JSON.stringify(value) };
}

/** Options for the answers to `POST /graphql`. */
export interface BackfillOptions {
  /** ms until the answer: a number, or the least and the most of a random time, drawn by the server's `seed`. @defaultValue 0 */
  readonly latency?: number | readonly [least: number, most: number] | undefined;
  /** ms: an answer holds no older rows of a feed; `false` for no limit. @defaultValue false */
  readonly horizon?: number | false | undefined;
  /** ms: an answer holds no younger rows of a feed, as if the history were so late behind the stream. @defaultValue 0 */
  readonly lag?: number | undefined;
  /** The first so many rows of those asked for; `false` for no limit but a million, which is the most there is. @defaultValue 25000 */
  readonly maxRows?: number | false | undefined;
  /**
   * Decides on a POST: nothing or `true` answers it, `false` refuses it with 401, a throw with 500. Any other value also answers 500, and
   * `finished()` and `stop()` reject. @defaultValue every POST is answered
   */
  readonly authorize?:
    ((request: Pick<UpgradeRequest, 'url' | 'headers'>) => Eventually<UpgradeVerdict>) | undefined;
}

/** An operation that came by POST. */
export interface PostRequest extends Pick<ConnectionContext, 'url' | 'headers'> {
  /** `undefined` if the body holds no operation. */
  readonly request: OperationRequest | undefined;
}

/** @param id - becomes the id of the operation */
export function readPost(
  id: string,
  { url = '', headers }: IncomingMessage,
  body: string,
): PostRequest {
  try {
    return { url, headers, request: readRequest(id, JSON.parse(body)) };
  } catch {
    return { url, headers, request: undefined };
  }
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

/**
 * Reads the body of an HTTP request as text.
 * @returns `undefined` for more than `limit` bytes. The rest is read too, because a client sends everything before it reads the answer.
 * @throws Error when the client leaves before the end
 */
export async function readBody(
  incoming: IncomingMessage,
  limit: number,
): Promise<string | undefined> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of incoming as AsyncIterable<Uint8Array>) {
    size += chunk.length;
    if (size <= limit) chunks.push(chunk);
  }
  return size > limit ? undefined : new TextDecoder().decode(Buffer.concat(chunks));
}
