import type { WebSocketConstructor } from './web-socket-like.js';

export const takesOptions = false;

/** Looked up at every dial: a polyfill may come after the import. */
export function defaultWebSocket(): WebSocketConstructor | undefined {
  return (globalThis as { WebSocket?: WebSocketConstructor }).WebSocket;
}
