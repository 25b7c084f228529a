import type { IncomingMessage } from 'node:http';
import { withGetters } from '../../with-getters.js';
import {
  type ConnectionContext,
  type OperationRequest,
  readRequest,
} from '../operation-handler.js';

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
export function contextOf({ url, headers }: PostRequest): ConnectionContext {
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
