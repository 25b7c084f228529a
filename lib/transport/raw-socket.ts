import { ConfigurationError } from '../errors.js';
import type { Variables } from '../types.js';
import { isObject, must } from '../validate.js';
import { constructorOptions, defaultWebSocket } from './default-web-socket.js';
import type { WebSocketConstructor, WebSocketLike } from './web-socket-like.js';

/** A socket, and what only `ws` has. */
export interface RawSocket extends WebSocketLike {
  on?(event: string, listener: (...values: never[]) => void): unknown;
  terminate?(): void;
  ping?(): void;
  /** Whether it has stopped reading; undefined where it cannot. */
  readonly isPaused?: boolean;
  pause?(): void;
  resume?(): void;
}

/** @throws ConfigurationError - no constructor, one that refused its arguments, or options that are no object. */
export function createRawSocket(
  url: string,
  subprotocols: readonly string[],
  Implementation: WebSocketConstructor = defaultWebSocket(),
  options?: Variables,
  closeTimeout?: number,
): RawSocket {
  must('an object', isObject, true)('webSocketOptions', options ?? {});
  const further = constructorOptions(options, closeTimeout);
  try {
    return new Implementation(url, [...subprotocols], ...further);
  } catch (cause) {
    const option = options ? 'webSocketOptions' : 'webSocketImpl';
    const message = `\`${option}\`: the WebSocket constructor refused its arguments`;
    // Node quotes what it refuses, such as the name of a header: its code says enough
    const { code } = Object(cause) as { code?: string };
    throw code
      ? new ConfigurationError(option, `${message} (${code})`)
      : new ConfigurationError(option, message, { cause });
  }
}
