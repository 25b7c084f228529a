import { ConfigurationError } from '../errors.js';
import type { Variables } from '../types.js';
import { expected } from '../validate.js';
import { isReactNative, nativeOptions } from './react-native.js';
import { isResolvedAfresh } from './resolve-options.js';
import type { WebSocketConstructor } from './socket.js';

/** Looked up at every dial: a polyfill may come after the import. @throws ConfigurationError - when there is none. */
export function defaultWebSocket(): WebSocketConstructor {
  const { WebSocket } = globalThis as { WebSocket?: WebSocketConstructor };
  if (WebSocket) return WebSocket;
  throw new ConfigurationError('webSocketImpl', 'no WebSocket here: give one as `webSocketImpl`');
}

/**
 * The arguments of the constructor behind the subprotocols.
 *
 * @throws ConfigurationError - in a browser when there are any, because nothing would become of them.
 */
export function constructorOptions(options: unknown): [] | [Variables] {
  if (isReactNative()) return nativeOptions(options);
  if (options === undefined) return [];
  throw expected('webSocketOptions', 'absent: a browser takes no options', options, true);
}

/** A constant is checked now, and a browser's whatever it is; a function or an Observable of React Native's when its value is there. */
export function checkConstructorOptions(options: unknown): void {
  if (!isReactNative() || !isResolvedAfresh(options)) constructorOptions(options);
}
