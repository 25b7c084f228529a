import type { IncomingMessage } from 'node:http';
import { readRequest } from '../read-request.js';
import type { ConnectionContext, OperationRequest } from '../operation-handler.js';

/** An operation that came by POST. */
export interface PostRequest extends Pick<ConnectionContext, 'url' | 'headers'> {
  /** `undefined` when the body holds none. */
  readonly request: OperationRequest | undefined;
}

/**
 * The operation in an HTTP request.
 *
 * @param id - for the operation
 * @param incoming - whose path and headers
 * @param body - as text
 */
export function readPost(
  id: string,
  { url = '', headers }: IncomingMessage,
  body: string,
): PostRequest {
  return { url, headers, request: parse(id, body) };
}

/** What a handler is told of a POST: there is no connection to be told of. */
export function contextOf({ url, headers }: PostRequest): ConnectionContext {
  return {
    url,
    headers,
    connectionParams: undefined,
    get peer() {
      return explain('peer');
    },
    get subprotocol() {
      return explain('subprotocol');
    },
  };
}

function parse(id: string, body: string): OperationRequest | undefined {
  try {
    return readRequest(id, JSON.parse(body));
  } catch {
    return undefined;
  }
}

function explain(member: string): never {
  throw new Error(`there is no \`${member}\` for an operation that came by POST`);
}
