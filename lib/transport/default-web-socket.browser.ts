import { expected } from '../validate.js';
import type { WebSocketConstructor } from './web-socket-like.js';

/** Looked up at every dial: a polyfill may come after the import. */
export function defaultWebSocket(): WebSocketConstructor | undefined {
  return (globalThis as { WebSocket?: WebSocketConstructor }).WebSocket;
}

/** @throws ConfigurationError - when there are any: nothing would become of them. */
export function constructorOptions(options: unknown): [] {
  if (options === undefined) return [];
  throw expected('webSocketOptions', 'absent: a browser takes no options', options, true);
}
