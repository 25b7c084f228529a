import type { Observable } from 'rxjs';
import { createEmitter } from '../emitter.js';
import { marked } from '../error-marks.js';
import type { GraphQLSocketError } from '../errors.js';
import { ConnectionError, HandshakeError, printable } from '../errors.js';
import { defaultWebSocket } from './default-web-socket.js';
import type { WriteGatherer } from './gather-writes.js';
import { gatherWrites } from './gather-writes.js';
import type { RawSocket } from './raw-socket.js';
import { receiveLateText } from './late-text.js';
import { retryAfter } from './retry-after.js';
import { defaultSubprotocols } from './subprotocols.js';

/** What `ws` tells and does besides a browser's WebSocket. */
export interface Upgrade {
  /** Response headers, secrets redacted. */
  headers?: Readonly<Record<string, string>>;
  /** For writes, once it has opened. */
  writes?: WriteGatherer;
  /** Sends a WebSocket-level ping. */
  readonly ping?: () => void;
  /** Stops reading; what was read already is still delivered. */
  readonly pause?: () => void;
  readonly resume?: () => void;
  /** WebSocket-level pings and pongs of the server's. */
  readonly heartbeat$?: Observable<'ping' | 'pong'>;
  /** The error for a socket that did not open. */
  readonly failure: (
    where: string,
    offered: readonly string[],
    cause: unknown,
  ) => GraphQLSocketError;
}

interface HttpResponse {
  readonly statusCode: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  /** Of Node's own response; a stand-in may have none. */
  readonly socket?: Parameters<typeof gatherWrites>[0];
}

/** Node's error codes for certificates, and for a TLS that the peer does not speak. */
const tlsCode = /CERT|ISSUER|LEAF_SIGNATURE|HOSTNAME_MISMATCH|ERR_TLS|ERR_SSL|EPROTO/;

/** Cookies, and a subprotocol that may be a credential (`header-…`) and is told elsewhere if it is not. */
const secretHeaders = ['set-cookie', 'sec-websocket-protocol'];

/** Statuses that another attempt, or other credentials, may change: timeouts, too early, too many, the server's own faults. */
const passing = (status: number) =>
  [401, 403, 408, 425, 429].includes(status) || status < 300 || status > 499;

/** Reads status and headers of the HTTP upgrade, where the implementation tells them. */
export function observeUpgrade(raw: RawSocket, Implementation = defaultWebSocket()): Upgrade {
  // another may do as it likes with its messages
  if (Implementation === defaultWebSocket()) receiveLateText(raw);
  let refusal: HttpResponse | undefined;
  const heartbeats = createEmitter<'ping' | 'pong'>();
  const upgrade: Upgrade = {
    heartbeat$: heartbeats.stream$,
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
    failure: (where, offered, cause) => dialFailure(where, offered, refusal, cause),
  };
  for (const type of ['ping', 'pong'] as const) {
    raw.on?.(type, () => {
      heartbeats.next(type);
    });
  }
  raw.on?.('upgrade', ({ headers, socket }: HttpResponse) => {
    if (socket) upgrade.writes = gatherWrites(socket);
    const shown = Object.entries(headers).map(([name, value]) => [
      name,
      secretHeaders.includes(name) ? '[redacted]' : String(value),
    ]);
    upgrade.headers = Object.fromEntries(shown) as Record<string, string>;
  });
  raw.on?.('unexpected-response', (_request: unknown, response: HttpResponse) => {
    refusal = response;
    // with a listener for this event `ws` leaves the end of the attempt to us
    raw.terminate?.();
  });
  return upgrade;
}

function dialFailure(
  where: string,
  offered: readonly string[],
  refusal: HttpResponse | undefined,
  failure: unknown,
): GraphQLSocketError {
  if (refusal) return httpFailure(where, refusal);
  const cause = failure instanceof Error ? failure : undefined;
  const { message = '', code = '' } = (cause ?? {}) as Partial<NodeJS.ErrnoException>;
  const detail = printable(message || code);
  const options = cause && { cause };
  if (detail.includes('subprotocol')) {
    const names = offered.map((name) => (defaultSubprotocols.includes(name) ? name : '…'));
    return new HandshakeError(
      'subprotocol',
      `no common subprotocol with ${where}: offered ${names.join(', ') || 'none'}; ${detail}`,
      options,
    );
  }
  const what = `could not connect to ${where}${detail && `: ${detail}`}`;
  return tlsCode.test(code)
    ? marked(
        new ConnectionError(
          `${what} (TLS ${code}: look at \`ca\`, \`cert\` and \`key\` in \`webSocketOptions\`)`,
          options,
        ),
        'misconfiguration',
      )
    : new ConnectionError(what, options);
}

function httpFailure(
  where: string,
  { statusCode: status, headers }: HttpResponse,
): ConnectionError {
  const wait = [429, 503].includes(status) ? retryAfter(headers['retry-after']) : undefined;
  const error = new ConnectionError(`could not connect to ${where}: HTTP ${status}`, {
    status,
    ...(wait !== undefined && { retryAfter: wait }),
  });
  return passing(status) ? error : marked(error, 'misconfiguration');
}
