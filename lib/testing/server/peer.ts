import type { IncomingHttpHeaders } from 'node:http';
import type { Observable } from 'rxjs';
import type { SocketFaults } from './server-faults.js';
import type { WireMessage } from './wire-message.js';

/** The client at the other end of one WebSocket. Its faults act on this socket alone. */
export interface Peer extends SocketFaults {
  /** The number of the socket, from 1 on. */
  readonly connection: number;
  /** Path and query of the upgrade request. */
  readonly url: string;
  /** Headers of the upgrade request. */
  readonly headers: IncomingHttpHeaders;
  /** The subprotocol in the response header, an empty string for none. */
  readonly subprotocol: string;
  /** Every frame as text, from the first on; completes when the socket has closed. */
  readonly frames$: Observable<string>;
  /** Every message, from the first on; completes when the socket has closed. A frame that is no message is in `frames$` alone. */
  readonly received$: Observable<WireMessage>;
  /** Emits the close code and reason received (1005 for none, 1006 without a close frame), then completes; to late subscribers too. */
  readonly closed$: Observable<{ readonly code: number; readonly reason: string }>;
  /** Takes the next message that no `read` has taken yet. @throws Error when it has another `type`, or the socket closes before it */
  read(type?: string): Promise<WireMessage>;
  /** Takes the messages that no `read` has taken yet, until the socket closes. */
  [Symbol.asyncIterator](): AsyncIterator<WireMessage>;
}
