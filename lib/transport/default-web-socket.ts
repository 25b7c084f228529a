import IsomorphicWebSocket from 'isomorphic-ws';
import type { Variables } from '../types.js';
import type { WebSocketConstructor } from './web-socket-like.js';

/** Under the user's options: deflate costs far more than it gains on small frames, and a message needs a bound. */
const defaultOptions = { perMessageDeflate: false, maxPayload: 32 * 1024 * 1024 };

/** Asked for at every dial. */
export function defaultWebSocket(): WebSocketConstructor {
  return IsomorphicWebSocket;
}

/** What a constructor takes behind the subprotocols (headers, TLS). */
export function constructorOptions(
  options: Variables | undefined,
  closeTimeout?: number,
): [Variables] {
  // a peer that has said goodbye, and then keeps the TCP connection, holds `ws` for that long
  return [{ ...defaultOptions, closeTimeout, ...options }];
}
