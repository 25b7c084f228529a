import type { SocketStatus } from 'rx-graphql-ws';
import { type HeldOperation, standings } from './test-operation.js';

type Operations = readonly HeldOperation[];

export function explainMany(found: Operations): string {
  return `${listFound(found)}\nnarrow it, for example by { operationName, variables }, or take them with match()`;
}

export function explainNone(untaken: Operations, open: Operations, reason: string): string {
  return (
    linesOf(listUnder('there are:', untaken), listUnder('expected before, and open:', open)) ||
    reason
  );
}

/** Tells what is left at the end of a test; an empty text for nothing. @param kept - those that only `share` keeps */
export function complain(untaken: Operations, open: Operations, kept: Operations): string {
  return linesOf(
    listUnder('unexpected operations:', untaken, 'take them with expectOne() or match()'),
    listUnder(
      'still open at the server:',
      open,
      'unsubscribe in the unit (is it destroyed?), or complete() them; else verify({ ignoreOpen: true })',
    ),
    listUnder(
      'still open, because `share` stops an operation by a timer, `linger` ms after its last subscriber left:',
      kept,
      'await verified(), or let their `linger` pass in fake or virtual time; else verify({ ignoreOpen: true })',
    ),
  );
}

export function reasonOf(status: SocketStatus, isDown: boolean): string {
  if (status.state === 'closed') return 'the socket was closed';
  if (status.state === 'failed') return `the connection failed: ${status.error.message}`;
  if (isDown || status.state === 'waiting')
    return 'the connection is down, and reconnect() comes first';
  if (status.state === 'idle') return 'nothing is subscribed';
  return status.state === 'connected'
    ? 'nothing else was sent'
    : 'the connection waits for an option that is asynchronous: `url`, `connectionParams`, …';
}

export function listFound(found: Operations): string {
  return listUnder(`${found.length}:`, found);
}

function listUnder(title: string, operations: Operations, advice = ''): string {
  if (operations.length === 0) return '';
  const lines = operations.map(({ operation: { id }, summary, state }) => {
    const standing = state === 'open' ? '' : ` (${standings[state]})`;
    return `  ${id}: ${summary}${standing}`;
  });
  return linesOf(title, ...lines, advice);
}

function linesOf(...texts: readonly string[]): string {
  return texts.filter(Boolean).join('\n');
}
