import type { IncomingHttpHeaders } from 'node:http';
import type { ExecutionResult, GraphQLFormattedError, SentRequest } from 'rx-graphql-ws';
import { from, map, type ObservableInput } from 'rxjs';
import { isObject, kindOf } from '../check.js';
import type { Subprotocol } from './dialects.js';
import type { Peer } from './peer.js';

/** An operation as the client sent it. */
export interface OperationRequest extends SentRequest {
  readonly id: string;
}

/** The connection of an operation or of a handshake. */
export interface ConnectionContext {
  /** The client: the handler can send it a raw frame, close it or drop it. */
  readonly peer: Peer;
  /** Payload of the client's `connection_init`. */
  readonly connectionParams: unknown;
  /** Path and query of the upgrade request. */
  readonly url: string;
  /** Headers of the upgrade request. */
  readonly headers: IncomingHttpHeaders;
  /** The protocol that the server speaks, whether it was negotiated or not. */
  readonly subprotocol: Subprotocol;
}

/** Answers an operation: each value is a result. The server sends the message of an `Error` among the errors of a result. */
export type OperationHandler = (
  request: OperationRequest,
  context: ConnectionContext,
) => ObservableInput<ExecutionResult>;

/** Reads the request in a `subscribe` or `start` message, or in the body of a POST; `undefined` when it has no document. */
export function readRequest(id: string, payload: unknown): OperationRequest | undefined {
  if (!isObject(payload) || typeof payload.query !== 'string') return undefined;
  const { query, variables, operationName, extensions } = payload;
  return {
    id,
    query,
    variables: isObject(variables) ? variables : {},
    ...(typeof operationName === 'string' && { operationName }),
    ...(isObject(extensions) && { extensions }),
  };
}

/** Checks what the user's handler returns, and each of its results. */
export function checkedHandler(handle: OperationHandler): OperationHandler {
  return (request, context) => {
    const answer: unknown = handle(request, context);
    try {
      // rxjs would emit the letters of a string.
      if (typeof answer !== 'string')
        return from(answer as ReturnType<OperationHandler>).pipe(map(checkResult));
    } catch {
      // The error of rxjs would not name the handler.
    }
    throw new TypeError(
      `expected \`handle\` to return an Observable, a promise or an iterable of results, such as \`of({ data })\`, got ${kindOf(answer)}`,
    );
  };
}

function checkResult(result: unknown): ExecutionResult {
  if (isObject(result)) return result;
  throw new TypeError(
    `expected each result of \`handle\` to be an object such as \`{ data }\`, got ${kindOf(result)}`,
  );
}

/** Turns a thrown value, or each of an array, into a GraphQL error. A GraphQLError keeps its locations, path and extensions. */
export function formatErrors(thrown: unknown): readonly GraphQLFormattedError[] {
  return [thrown].flat().map(formatError);
}

export function formatError(thrown: unknown): GraphQLFormattedError {
  if (!isObject(thrown)) return { message: String(thrown) };
  let message = 'an error';
  try {
    message = String(thrown.message);
    const { locations, path, extensions } = thrown;
    const error = { message, locations, path, extensions } as GraphQLFormattedError;
    // Throws for a cycle, a bigint or a getter that fails.
    JSON.stringify(error);
    return error;
  } catch (refusal) {
    return { message: `${message} (and more that JSON cannot hold: ${String(refusal)})` };
  }
}
