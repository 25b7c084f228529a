import { ConfigurationError } from '../errors.js';
import { expected } from '../validate.js';
import type { WebSocketConstructor } from './socket.js';

/** Looked up at every dial: a polyfill may come after the import. @throws ConfigurationError - when there is none. */
export function defaultWebSocket(): WebSocketConstructor {
  const { WebSocket } = globalThis as { WebSocket?: WebSocketConstructor };
  if (WebSocket) return WebSocket;
  throw new ConfigurationError('webSocketImpl', 'no WebSocket here: give one as `webSocketImpl`');
}

/** @throws ConfigurationError - when there are any: nothing would become of them. */
export function constructorOptions(options: unknown): [] {
  if (options === undefined) return [];
  throw expected('webSocketOptions', 'absent: a browser takes no options', options, true);
}

export { constructorOptions as checkConstructorOptions };
