import type { SocketStatus } from 'rx-graphql-ws';
import { standings, type HeldOperation } from './test-operation.js';

/** Operations, one a line, and how they stand. */
export function listOperations(operations: readonly HeldOperation[]): string {
  return operations
    .map(({ operation: { id }, summary, state }) => {
      const standing = state === 'open' ? '' : ` (${standings[state]})`;
      return `\n  ${id}: ${summary}${standing}`;
    })
    .join('');
}

/** What there is, where something else was expected; or why there is nothing. */
export function explainNone(
  untaken: readonly HeldOperation[],
  open: readonly HeldOperation[],
  status: SocketStatus,
  isDown: boolean,
): string {
  const sections = [
    untaken.length > 0 ? `there are:${listOperations(untaken)}` : '',
    open.length > 0 ? `expected before, and open:${listOperations(open)}` : '',
  ].filter(Boolean);
  return sections.join('\n') || reason(status, isDown);
}

function reason(status: SocketStatus, isDown: boolean): string {
  if (status.state === 'closed') return 'the socket was closed';
  if (status.state === 'failed') return `the connection failed: ${status.error.message}`;
  if (isDown || status.state === 'waiting')
    return 'the connection is down, and reconnect() comes first';
  if (status.state === 'idle') return 'nothing is subscribed';
  return status.state === 'connected'
    ? 'nothing else was sent'
    : 'the connection waits for an option that is asynchronous: `url`, `connectionParams`, …';
}
