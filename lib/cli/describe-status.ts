import type { SocketStatus } from 'rx-graphql-ws';

/**
 * A status in words.
 *
 * @param status - of a socket
 * @returns `undefined` for what is told elsewhere, or needs no telling
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

/** 0 is a first dial that must wait for its turn. */
function nextDial(attempt: number): string {
  return attempt === 0 ? 'dials' : `retry ${attempt}`;
}

function inSome(delay: number | undefined): string {
  return delay === undefined ? '' : ` in ${Math.round(delay)} ms`;
}
