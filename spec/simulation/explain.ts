import type { GraphQLSocketError } from 'rx-graphql-ws';
import type { Line } from './line.js';
import type { Settings } from './settings.js';
import { garbled } from './verdict.js';

const handshakeLimit = 10_000;
/** ms of silence that `keepAliveTimeout: 'auto'` always allows. */
const patience = 10_000;

/** Whether the failure that `status$` tells has happened: no death is imagined. `lines` are the last two dials. */
export function hasHappened(
  error: GraphQLSocketError,
  lines: readonly Line[],
  { pongTimeout, keepAliveTimeout }: Settings,
  now: number,
): boolean {
  const line = lines.at(-1);
  if (!line) return false;
  switch (error.name) {
    case 'ConnectionClosedError':
      // after a fallback that fails the first failure is told
      return lines.some(
        ({ endedWith }) =>
          endedWith === error.code || (endedWith === garbled && error.code === 1006),
      );
    case 'ProtocolError':
      return line.fault === 'malformed';
    case 'HandshakeError':
      if (error.kind === 'rejected' && line.endedWith !== undefined)
        return line.ackedAt === undefined;
      if (error.kind !== 'timeout') return line.fault === error.kind;
      return line.ackedAt === undefined && now - (line.openedAt ?? now) >= handshakeLimit;
    case 'SilentDisconnectError': {
      const silence = typeof keepAliveTimeout === 'number' ? keepAliveTimeout : patience;
      return now - line.heardAt >= (error.kind === 'pong' ? pongTimeout : silence);
    }
    case 'ConnectionError':
      if (line.openedAt !== undefined) return false;
      return line.endedWith !== undefined || now - line.dialledAt >= handshakeLimit;
    default:
      return false;
  }
}
