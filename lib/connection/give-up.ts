import { SilentDisconnectError } from '../errors.js';
import type { Connection, LiveConnection } from './connection.js';

/** Ours, or anybody's. */
export type WatchedConnection = Connection & Partial<LiveConnection>;

/** Leaves a peer that does not answer, without goodbye. @throws SilentDisconnectError */
export function giveUp(
  connection: WatchedConnection,
  kind: SilentDisconnectError['kind'],
  limit: number,
): never {
  const error = new SilentDisconnectError(kind, limit);
  connection.abandon?.(error);
  throw error;
}
