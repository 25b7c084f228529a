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
  const onFailure = (text: string, at: number) => {
    const before = failure;
    failure = { text, since: before?.since ?? at };
    if (before?.text === text) return undefined;
    if (before) return `${text}; goes on trying`;
    return connections > 0
      ? `${text}; dials again`
      : `${text}; goes on trying (Ctrl-C ends it, --retry limits it)`;
  };
  const onConnected = (at: number) => {
    connections += 1;
    if (!failure) return undefined;
    const after = inSeconds(at - failure.since);
    failure = undefined;
    return connections > 1
      ? `connected again after ${after} (reconnect ${connections - 1})`
      : `connected after ${after}`;
  };
  return (status) => {
    if (status.state === 'connected') return onConnected(status.since);
    // attempt 0: a first dial waits for its turn
    if (status.state !== 'waiting' || status.attempt === 0) return undefined;
    if (isSyntaxError(status.error, document)) return undefined;
    return onFailure(describeError(status.error)[0], status.since);
  };
}
