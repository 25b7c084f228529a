import type { Observable } from 'rxjs';
import type { Variables } from '../types.js';
import type { Upgrade } from './upgrade.js';
import type { WebSocketConstructor } from './web-socket-like.js';

/** One dial, its options resolved. */
export interface Dial {
  readonly url: string | URL;
  readonly subprotocols: readonly string[];
  readonly webSocketImpl?: WebSocketConstructor | undefined;
  readonly webSocketOptions?: Variables | undefined;
  readonly connectTimeout?: number | false | undefined;
  readonly closeTimeout?: number | undefined;
  /** Subprotocols that may be shown, besides the built-in ones: any other may be a credential. */
  readonly dialects?: readonly string[] | undefined;
}

/** An open WebSocket. */
export interface OpenSocket {
  /** What the server selected; empty when nothing. */
  readonly subprotocol: string;
  /** Text of each frame; hot. Completes when the socket has closed. */
  readonly frames$: Observable<string>;
  /** Sends a frame; does nothing once the socket closes. */
  send(frame: string): void;
}

/** An open socket, and what the connection layer does to it besides. */
export interface DialledSocket
  extends OpenSocket, Pick<Upgrade, 'ping' | 'heartbeat$' | 'pause' | 'resume'> {
  /** Ends the socket for a fault of the peer's: it counts as closed at once. Without a code: without goodbye. */
  end(code?: number, reason?: string): void;
  /** Whether its end has begun: what is sent now goes nowhere. */
  readonly closing: boolean;
}
