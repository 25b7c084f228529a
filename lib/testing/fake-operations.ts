import type { SentRequest } from 'rx-graphql-ws';
import type { FakeOperation, OperationRef } from './fake-peer.js';
import type { SentMessage } from './sent-message.js';

/**
 * The operations among what a client sent.
 *
 * @param subscribe - what a request for one is called on the wire
 */
export function operationsIn(
  messages: readonly SentMessage[],
  subscribe: string,
): readonly FakeOperation[] {
  return messages
    .filter(({ type }) => type === subscribe)
    .map(({ id, payload }) => ({ id: String(id), request: payload as SentRequest }));
}

/**
 * The id that is meant.
 *
 * @throws Error - no such operation was sent
 */
export function findId(operations: readonly FakeOperation[], operation: OperationRef): string {
  const found =
    typeof operation === 'number'
      ? operations[operation - 1]
      : operations.find(({ id }) => id === operation);
  if (found) return found.id;
  const which =
    typeof operation === 'number' ? `operation ${operation}` : `operation "${operation}"`;
  const sent = operations.map(({ id }) => `"${id}"`).join(', ');
  throw new Error(`no ${which} was sent on this connection; sent were: ${sent || 'none'}`);
}
