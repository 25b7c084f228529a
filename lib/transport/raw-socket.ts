import { ConfigurationError } from '../errors.js';
import type { Variables } from '../types.js';
import { defaultWebSocket, takesOptions } from './default-web-socket.js';
import type { WebSocketConstructor, WebSocketLike } from './web-socket-like.js';

/** A socket, and what only `ws` has. */
export interface RawSocket extends WebSocketLike {
  on?(event: string, listener: (...values: never[]) => void): unknown;
  terminate?(): void;
  ping?(): void;
}

/** What Node tells of the HTTP upgrade; filled as it happens. */
export interface Upgrade {
  status?: number;
  headers?: Readonly<Record<string, string>>;
}

interface HttpResponse {
  readonly statusCode?: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
}

/** Under the user's options: deflate costs 25 times its gain on small frames, and a message needs a bound. */
const defaultOptions = { perMessageDeflate: false, maxPayload: 32 * 1024 * 1024 };

/** @throws ConfigurationError - no constructor, or one that refused its arguments. */
export function createRawSocket(
  url: string,
  subprotocols: readonly string[],
  Implementation: WebSocketConstructor | undefined = defaultWebSocket(),
  options?: Variables,
): RawSocket {
  if (!Implementation) {
    throw new ConfigurationError(
      'webSocketImpl',
      'there is no WebSocket here: give a constructor as `webSocketImpl`',
    );
  }
  try {
    return takesOptions
      ? new Implementation(url, [...subprotocols], { ...defaultOptions, ...options })
      : new Implementation(url, [...subprotocols]);
  } catch (cause) {
    const option = options ? 'webSocketOptions' : 'webSocketImpl';
    const message = `\`${option}\`: the WebSocket constructor refused its arguments`;
    throw new ConfigurationError(option, message, { cause });
  }
}

/** Reads status and headers of the upgrade, where the implementation tells them. */
export function observeUpgrade(raw: RawSocket): Upgrade {
  const upgrade: Upgrade = {};
  raw.on?.('upgrade', ({ headers }: HttpResponse) => {
    const shown = Object.entries(headers).map(([name, value]) => [
      name,
      name === 'set-cookie' ? '[redacted]' : String(value),
    ]);
    upgrade.headers = Object.fromEntries(shown) as Record<string, string>;
  });
  raw.on?.('unexpected-response', (_request: unknown, { statusCode }: HttpResponse) => {
    if (statusCode !== undefined) upgrade.status = statusCode;
    // with a listener for this event `ws` leaves the end of the attempt to us
    raw.terminate?.();
  });
  return upgrade;
}
