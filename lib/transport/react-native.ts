import type { Variables } from '../types.js';
import { expected, isObject } from '../validate.js';

/** React Native says so by this name alone. */
export const isReactNative = () =>
  (globalThis as { navigator?: { product?: string } }).navigator?.product === 'ReactNative';

/**
 * The arguments of React Native's constructor behind the subprotocols. It warns of all others, and ignores them.
 *
 * @throws ConfigurationError - something else than `headers`
 */
export function nativeOptions(options: unknown = {}): [Variables] {
  if (isObject(options) && Object.keys(options as object).every((name) => name === 'headers'))
    return [options as Variables];
  throw expected('webSocketOptions', 'an object of `headers` alone', options, true);
}
