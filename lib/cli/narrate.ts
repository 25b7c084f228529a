import type { SocketStatus } from 'rx-graphql-ws';
import { describeError, isSyntaxError } from './describe-error.js';
import { inSeconds } from './status-line.js';

/**
 * Tells the changes of a connection, a line for each that a user should know. A failure that repeats itself is told once, and one over the syntax
 * of the document not at all, because it ends the operation.
 *
 * @returns a function that is told each status, and gives the line or `undefined`
 */
export function createNarrator(document: string): (status: SocketStatus) => string | undefined {
  let connections = 0;
  /** The failure since the last connection. */
  let failure: { readonly text: string; readonly since: number } | undefined;
  const ofFailure = (text: string, since: number, isLost: boolean) => {
    if (failure?.text === text) return undefined;
    const isFirst = !failure;
    failure = { text, since: failure?.since ?? since };
    if (isLost) return `${text}; dials again`;
    return isFirst
      ? `${text}; goes on trying (Ctrl-C ends it, --retry limits it)`
      : `${text}; goes on trying`;
  };
  return (status) => {
    // attempt 0: a first dial waits for its turn
    if (status.state === 'waiting' && status.attempt > 0) {
      if (isSyntaxError(status.error, document)) return undefined;
      const isLost = !failure && connections > 0;
      return ofFailure(describeError(status.error)[0], status.since, isLost);
    }
    if (status.state !== 'connected') return undefined;
    const after = failure && inSeconds(status.since - failure.since);
    failure = undefined;
    connections += 1;
    if (after === undefined) return undefined;
    return connections > 1
      ? `connected again after ${after} (reconnect ${connections - 1})`
      : `connected after ${after}`;
  };
}
