import IsomorphicWebSocket from 'isomorphic-ws';
import { ConfigurationError } from '../errors.js';
import type { Variables } from '../types.js';
import { isObject, must } from '../validate.js';
import { isReactNative, nativeOptions } from './react-native.js';
import { isResolvedAfresh } from './resolve-options.js';
import type { WebSocketConstructor } from './socket.js';

/** Under the user's options: deflate costs far more than it gains on small frames, and a message needs a bound. */
const defaultOptions = { perMessageDeflate: false, maxPayload: 32 * 1024 * 1024 };

/** Asked for at every dial. */
export function defaultWebSocket(): WebSocketConstructor {
  return IsomorphicWebSocket;
}

/** A constant is checked now, a function or an Observable when its value is there. */
export function checkConstructorOptions(options: unknown): void {
  if (!isResolvedAfresh(options)) constructorOptions(options);
}

/**
 * The arguments of the constructor behind the subprotocols (headers, TLS).
 *
 * @throws ConfigurationError - no object; or `followRedirects`: `ws` would take custom headers and the subprotocols to the other host.
 */
export function constructorOptions(given: unknown = {}, closeTimeout?: number): [Variables] {
  // a bundler may have passed over the build for it
  if (isReactNative()) return nativeOptions(given);
  must('an object', isObject, true)('webSocketOptions', given);
  if ((given as Variables).followRedirects) {
    const message =
      '`webSocketOptions.followRedirects` is refused: a redirect would take credentials elsewhere; give the final URL as `url`';
    throw new ConfigurationError('webSocketOptions', message);
  }
  // a peer that has said goodbye, and then keeps the TCP connection, holds `ws` for that long
  return [{ ...defaultOptions, closeTimeout, ...(given as Variables) }];
}
