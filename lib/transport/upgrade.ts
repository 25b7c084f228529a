import type { Observable } from 'rxjs';
import type { GraphQLSocketError } from '../errors.js';
import { ConnectionError, HandshakeError, printable, setErrorKind } from '../errors.js';
import { Emitter } from '../rx/emitter.js';
import type { WriteCork } from './ws-streams.js';
import { corkWrites, receiveLazyFrames } from './ws-streams.js';
import { defaultWebSocket } from './default-web-socket.js';
import { defaultSubprotocols } from './address.js';
import type { HttpRequest, HttpResponse, Refusal } from './refusal.js';
import { httpFailure, readBody } from './refusal.js';
import type { RawSocket } from './socket.js';

export { plainCause } from './plain-cause.js';

/** The abilities of `ws` that a browser's WebSocket does not have. */
export interface Upgrade {
  /** Response headers, secrets redacted; undefined while they are not known. */
  readonly headers?: () => Readonly<Record<string, string>> | undefined;
  /** Holds writes back, once the socket is open. */
  writes?: WriteCork;
  /** Sends a ping of the WebSocket protocol. */
  readonly ping?: () => void;
  /** Stops reading. Frames that were read already are still delivered. */
  readonly pause?: () => void;
  readonly resume?: () => void;
  /** Pings and pongs of the WebSocket protocol that the server sent. */
  readonly heartbeat$?: Observable<'ping' | 'pong'>;
  /** The error for a socket that did not open. */
  readonly failure: (
    where: string,
    offered: readonly string[],
    cause: unknown,
  ) => GraphQLSocketError;
}

/** Node's error codes for certificates, and for a TLS that the peer does not speak. */
const tlsCode = /CERT|ISSUER|LEAF_SIGNATURE|HOSTNAME_MISMATCH|ERR_TLS|ERR_SSL|EPROTO/;

/** The answer of a server without TLS to the beginning of TLS, in the words of OpenSSL. */
const plainServer = /(?:wrong.version.number|packet.length.too.long)/i;

/** Cookies; and the subprotocol, which may be a credential (`header-…`) and is told elsewhere if it is not. */
const secretHeaders = ['set-cookie', 'sec-websocket-protocol'];

/** Reads status and headers of the HTTP upgrade, where the implementation tells them. */
export function observeUpgrade(raw: RawSocket, Implementation = defaultWebSocket()): Upgrade {
  // a user's own implementation keeps its way of delivering messages
  if (raw.on && Implementation === defaultWebSocket()) receiveLazyFrames(raw);
  let refusal: Refusal | undefined;
  let received: HttpResponse['headers'] | undefined;
  const upgrade: Upgrade = {
    headers: () => received && redactHeaders(received),
    heartbeat$: heartbeatOf(raw),
    ...abilitiesOf(raw),
    failure(where, offered, cause) {
      const error = refusal ? httpFailure(where, refusal) : dialFailure(where, offered, cause);
      const selected = received?.['sec-websocket-protocol'];
      return selected?.includes(',') ? setErrorKind(error, 'whole-offer') : error;
    },
  };
  raw.on?.('upgrade', ({ headers, socket }: HttpResponse) => {
    if (socket) upgrade.writes = corkWrites(socket);
    received = headers;
  });
  raw.on?.('unexpected-response', (request: HttpRequest, response: HttpResponse) => {
    // with a listener for this event `ws` leaves the end of the attempt to us
    const body = readBody(request, response, () => raw.terminate?.());
    refusal = { response, body };
  });
  return upgrade;
}

function heartbeatOf(raw: RawSocket): Observable<'ping' | 'pong'> {
  const heartbeats = new Emitter<'ping' | 'pong'>();
  for (const type of ['ping', 'pong'] as const) {
    raw.on?.(type, () => {
      heartbeats.next(type);
    });
  }
  return heartbeats.stream$;
}

/** The abilities of the socket; a key is missing where it has none. */
function abilitiesOf(raw: RawSocket): Pick<Upgrade, 'ping' | 'pause' | 'resume'> {
  return {
    ...(raw.ping && {
      ping() {
        raw.ping?.();
      },
    }),
    ...(raw.isPaused !== undefined && {
      pause() {
        raw.pause?.();
      },
      resume() {
        raw.resume?.();
      },
    }),
  };
}

function redactHeaders(headers: HttpResponse['headers']): Readonly<Record<string, string>> {
  const shown = Object.entries(headers).map(([name, value]) => [
    name,
    secretHeaders.includes(name) ? '[redacted]' : String(value),
  ]);
  return Object.fromEntries(shown) as Record<string, string>;
}

function dialFailure(
  where: string,
  offered: readonly string[],
  failure: unknown,
): GraphQLSocketError {
  const options = failure instanceof Error ? { cause: failure } : {};
  const { message = '', code = '' } = Object(options.cause) as Partial<NodeJS.ErrnoException>;
  const detail = printable(message || code);
  if (detail.includes('subprotocol')) {
    const text = `no common subprotocol with ${where}: offered ${shownNames(offered)}; ${detail}`;
    return new HandshakeError('subprotocol', text, options);
  }
  const what = `could not connect to ${where}${detail && `: ${detail}`}`;
  if (!tlsCode.test(code)) return new ConnectionError(what, options);
  const error = new ConnectionError(`${what} (TLS ${code}: ${tlsHint(code, message)})`, options);
  return setErrorKind(error, 'misconfiguration');
}

function shownNames(offered: readonly string[]): string {
  const names = offered.map((name) => (defaultSubprotocols.includes(name) ? name : '…'));
  return names.join(', ') || 'none';
}

const tlsHint = (code: string, message: string) =>
  plainServer.test(`${code} ${message}`)
    ? 'no TLS there: `ws:`?'
    : 'look at `ca`, `cert` and `key` in `webSocketOptions`';
