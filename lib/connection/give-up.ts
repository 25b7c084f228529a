import { SilentDisconnectError } from '../errors.js';
import type { WatchedConnection } from './watched-connection.js';

/** Leaves a peer that does not answer, without goodbye. @throws SilentDisconnectError */
export function giveUp(
  connection: Pick<WatchedConnection, 'abandon'>,
  kind: SilentDisconnectError['kind'],
  limit: number,
): never {
  const error = new SilentDisconnectError(kind, limit);
  connection.abandon(error);
  throw error;
}
