import type { IncomingHttpHeaders } from 'node:http';
import type { Observable } from 'rxjs';
import type { SocketFaults } from './faults/socket-faults.js';
import type { WireMessage } from './wire-message.js';

/** The client at the other end of one WebSocket, which can be made to misbehave on its own. */
export interface Peer extends SocketFaults {
  /** Counts the sockets of a server from 1. */
  readonly connection: number;
  /** Path and query of the upgrade request. */
  readonly url: string;
  /** Headers of the upgrade request. */
  readonly headers: IncomingHttpHeaders;
  /** The subprotocol in the response header, an empty string for none. */
  readonly subprotocol: string;
  /** Every frame as text, from the first on; completes when the socket has closed. */
  readonly frames$: Observable<string>;
  /** Every message, from the first on; completes when the socket has closed. What is not a message is in `frames$` alone. */
  readonly received$: Observable<WireMessage>;
  /** The close code and reason received (1005 for none, 1006 without a close frame), then completes; to late subscribers too. */
  readonly closed$: Observable<{ readonly code: number; readonly reason: string }>;
  /**
   * The next message that no `read` has taken yet.
   *
   * @param type - the type that it is expected to have
   * @throws Error when it is of another type, or the socket closes before it comes
   */
  read(type?: string): Promise<WireMessage>;
  /** The messages that no `read` has taken yet, until the socket closes. */
  [Symbol.asyncIterator](): AsyncIterator<WireMessage>;
}
