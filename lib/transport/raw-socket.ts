/** A raw WebSocket: its construction, its data, and its end. */
import { asyncScheduler } from 'rxjs';
import { ConfigurationError } from '../errors.js';
import type { Frame } from '../protocol/payload.js';
import { isFunction } from '../validate.js';
import { mixedContent } from './address.js';
import { constructorOptions, defaultWebSocket } from './default-web-socket.js';
import type { EventSink } from './events.js';
import type { RawSocket, SocketOptions } from './socket.js';
import { plainCause } from './upgrade.js';

const CONNECTING = 0;

/** The event of a close. React Native leaves some of it out. */
export type Closing = Partial<Pick<CloseEvent, 'code' | 'reason' | 'wasClean'>>;

/** How a raw socket ends. The first call counts. */
export function closeSocket(raw: RawSocket, closeTimeout: number, events: EventSink) {
  let ended = false;
  /** The peer or the network has closed it. */
  const onClosed = ({ code = 1006, reason = '', wasClean = false }: Closing = {}) => {
    ended = true;
    const closing = { code, reason, wasClean };
    events.next({ type: 'closed', ...closing });
    events.complete();
    return closing;
  };
  const terminate = () => {
    removeHandlers(raw);
    if (raw.terminate) raw.terminate();
    else raw.close(1000);
    onClosed();
  };
  /** Drops it if the peer has not answered within `closeTimeout`, and at once if there is no code. */
  const close = (code = 1000, reason = '') => {
    if (ended) return;
    ended = true;
    if (!code || raw.readyState === CONNECTING) {
      terminate();
      return;
    }
    removeHandlers(raw);
    const late = asyncScheduler.schedule(terminate, closeTimeout);
    raw.onclose = (event: CloseEvent) => {
      late.unsubscribe();
      onClosed(event);
    };
    // a paused socket must read on, because the peer's answer is behind what was not read
    if (raw.isPaused) raw.resume?.();
    raw.close(code, reason);
  };
  /** Because of an error: it counts as closed at once. Without a code no close frame is sent. */
  const fail = (code = 0, reason = '') => {
    if (code && !ended) events.next({ type: 'closed', code, reason, wasClean: false });
    close(code, reason);
  };
  return { onClosed, close, fail };
}

/** Late events reach nobody. `ws` emits `error` after a close while CONNECTING, and that must find a listener. */
function removeHandlers(raw: RawSocket): void {
  raw.onopen = raw.onmessage = raw.onclose = raw.onerror = () => undefined;
}

/** @throws ConfigurationError - the constructor refuses its arguments. */
export function construct(url: string, options: SocketOptions, closeTimeout: number): RawSocket {
  const { subprotocols, webSocketImpl, webSocketOptions } = options;
  const Implementation = webSocketImpl ?? defaultWebSocket();
  const further = constructorOptions(webSocketOptions ?? undefined, closeTimeout);
  let raw: RawSocket;
  try {
    raw = new Implementation(url, [...subprotocols], ...further);
  } catch (cause) {
    throw refusedArguments(url, options, cause);
  }
  if (isFunction(raw.send) && isFunction(raw.close)) return raw;
  const message = '`webSocketImpl`: its instances need `send` and `close`';
  throw new ConfigurationError('webSocketImpl', message);
}

function refusedArguments(
  url: string,
  { webSocketImpl, webSocketOptions }: SocketOptions,
  cause: unknown,
): ConfigurationError {
  const option = webSocketOptions ? 'webSocketOptions' : webSocketImpl ? 'webSocketImpl' : 'url';
  const { code, name } = Object(cause) as { code?: string | number; name?: string };
  const what = typeof code === 'string' ? code : name;
  const message = `\`${option}\`: the WebSocket constructor refused its arguments${what ? ` (${what})` : ''}${mixedContent(url)}`;
  // errors of Node and of browsers have a code, and quote the refused value, such as a header
  const isQuoting = code !== undefined;
  const shown = { cause: webSocketImpl ? cause : plainCause(cause) };
  return new ConfigurationError(option, message, isQuoting ? undefined : shown);
}

/** The frame in a message; undefined if it is none. Some servers send text in binary frames. A byte order mark is kept, and makes the frame malformed. */
export function toFrame(data: unknown): Frame | undefined {
  if (typeof data === 'string') return data;
  if (typeof data === 'object' && data !== null && 'head' in data) return data as Frame;
  try {
    return typeof TextDecoder === 'function'
      ? new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(data as ArrayBuffer)
      : // React Native has none
        decodeURIComponent(
          [...new Uint8Array(data as ArrayBuffer)]
            .map((byte) => `%${(byte + 256).toString(16).slice(1)}`)
            .join(''),
        );
  } catch {
    return undefined;
  }
}
