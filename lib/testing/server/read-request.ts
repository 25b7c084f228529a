import type { OperationRequest } from './operation-handler.js';
import { isObject } from './wire-message.js';

/**
 * The request in a `subscribe` or `start` message.
 *
 * @param id - of the operation
 * @param payload - of the message
 * @returns `undefined` when there is no document in it
 */
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
