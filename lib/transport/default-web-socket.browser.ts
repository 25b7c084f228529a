import { ConfigurationError } from '../errors.js';
import type { Variables } from '../types.js';
import { expected, isObject } from '../validate.js';
import { isResolvedAfresh } from './resolve-options.js';
import type { WebSocketConstructor } from './socket.js';

/** Looked up at every dial: a polyfill may come after the import. @throws ConfigurationError - when there is none. */
export function defaultWebSocket(): WebSocketConstructor {
  const { WebSocket } = globalThis as { WebSocket?: WebSocketConstructor };
  if (WebSocket) return WebSocket;
  throw new ConfigurationError('webSocketImpl', 'no WebSocket here: give one as `webSocketImpl`');
}

/** React Native says so by this name alone. */
const isNative = () =>
  (globalThis as { navigator?: { product?: string } }).navigator?.product === 'ReactNative';

/**
 * The arguments of the constructor behind the subprotocols: the `headers` of React Native.
 *
 * @throws ConfigurationError - in a browser when there are any: nothing would become of them; in React Native when there are others, of which
 * it warns alone.
 */
export function constructorOptions(options: unknown): [] | [Variables] {
  if (options === undefined) return [];
  const native = isNative();
  if (native && isObject(options) && Object.keys(options as object).join() === 'headers')
    return [options as Variables];
  const expectation = native
    ? 'an object of `headers` alone'
    : 'absent: a browser takes no options';
  throw expected('webSocketOptions', expectation, options, true);
}

/** A constant is checked now, a function or an Observable of React Native's when its value is there. */
export function checkConstructorOptions(options: unknown): void {
  if (!isNative() || !isResolvedAfresh(options)) constructorOptions(options);
}
