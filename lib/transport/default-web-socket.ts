import IsomorphicWebSocket from 'isomorphic-ws';
import type { WebSocketConstructor } from './web-socket-like.js';

/** Whether the constructor takes options (headers, TLS) as its third argument. */
export const takesOptions = true;

/** Asked for at every dial. */
export function defaultWebSocket(): WebSocketConstructor | undefined {
  return IsomorphicWebSocket;
}
