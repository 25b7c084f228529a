import type { SocketStatus } from 'rx-graphql-ws';

/**
 * Describes the status of a socket.
 *
 * @returns `undefined` for a status that the user need not know, or learns elsewhere
 */
export function describeStatus(status: SocketStatus): string | undefined {
  switch (status.state) {
    case 'connecting':
      return status.attempt === 0 ? 'connecting' : `connecting, retry ${status.attempt}`;
    case 'connected':
      return `connected, speaking ${status.subprotocol}`;
    case 'waiting':
      return `${status.error.message}; ${nextDial(status.attempt)}${inSome(status.delay)}`;
    case 'idle':
    case 'failed':
    case 'closed':
      return undefined;
  }
}

/** The dial limit delays even the first dial, which has the attempt 0. */
function nextDial(attempt: number): string {
  return attempt === 0 ? 'dials' : `retry ${attempt}`;
}

function inSome(delay: number | undefined): string {
  return delay === undefined ? '' : ` in ${Math.round(delay)} ms`;
}
