import type { WebSocketLike } from 'rx-graphql-ws';
import type { FakePeer } from 'rx-graphql-ws/testing';
import type { Operation } from './operation.js';

/** One dial, and what the server did on it. Times are ms since the run began, whatever the clock says. */
export interface Line {
  readonly peer: FakePeer;
  /** What the client holds. */
  readonly raw: WebSocketLike;
  readonly dialledAt: number;
  openedAt: number | undefined;
  ackedAt: number | undefined;
  /** When the last frame reached the client. */
  heardAt: number;
  /** How often the client asked for a sign of life. */
  pings: number;
  /** A result was sent: the connection is proven. */
  proven: boolean;
  /** Accepts everything, and says nothing any more. */
  silent: boolean;
  /** The code with which the server closes at the next ping. */
  closesAtPing: number | undefined;
  /** The code that the server, or the network, closed it with. */
  endedWith: number | undefined;
  /** What the server did wrong. */
  fault: 'malformed' | 'rejected' | 'subprotocol' | undefined;
  /** Every operation sent on it, by id. */
  readonly operations: Map<string, Operation>;
  /** Ids whose end the server was told. */
  readonly stops: Set<string>;
  /** Ids of operations that had ended, and for which the server went on: it must be told before the command is over. */
  readonly late: Set<string>;
  /** A subscriber was given a result, and none was failed since. */
  useful: boolean;
  /** When the page last woke it. */
  wokenAt: number | undefined;
  /** When the client said `connection_init`. */
  initialisedAt: number | undefined;
  /** Operations that the server may have refused when it closed. */
  suspects: number;
  /** `error`s without an id. */
  strayErrors: number;
  /** Key of the operation sent last. */
  lastKey: number;
}

/** Neither side has begun to close it, as far as the client can know. */
export function isLive(line: Line): boolean {
  return line.raw.readyState <= 1;
}

/** What the server sends arrives. */
export function isAudible(line: Line): boolean {
  return line.raw.readyState === 1 && line.endedWith === undefined && !line.silent;
}

/** The client knows that it is over. */
export function isKnownDead({ raw, peer }: Line): boolean {
  // the WebSocket ends by itself over a refused subprotocol, gives the reason, and tells the client later
  const isClients = ({ code, reason }: { code?: unknown; reason: string }) =>
    code !== 'terminated' || reason === '';
  return raw.readyState === 3 || peer.closes.some(isClients);
}
