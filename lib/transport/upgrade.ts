import { Subject } from 'rxjs';
import type { GraphQLSocketError } from '../errors.js';
import { ConnectionError, HandshakeError, misconfigured, printable } from '../errors.js';
import type { RawSocket } from './raw-socket.js';
import { defaultSubprotocols } from './subprotocols.js';

/** What `ws` tells and does besides a browser's WebSocket. */
export interface Upgrade {
  /** Response headers, secrets redacted. */
  headers?: Readonly<Record<string, string>>;
  /** Sends a WebSocket-level ping. */
  readonly ping?: () => void;
  /** WebSocket-level pongs. */
  readonly pongs$?: Subject<unknown>;
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
}

/** Node's error codes for certificates, and for a TLS that the peer does not speak. */
const tlsCode = /CERT|ISSUER|LEAF_SIGNATURE|HOSTNAME_MISMATCH|ERR_TLS|ERR_SSL|EPROTO/;

/** Cookies, and a subprotocol that may be a credential (`header-…`) and is told elsewhere if it is not. */
const secretHeaders = ['set-cookie', 'sec-websocket-protocol'];

/** Statuses that another attempt, or other credentials, may change: timeouts, too early, too many, the server's own faults. */
const passing = (status: number) =>
  [401, 403, 408, 425, 429].includes(status) || status < 300 || status > 499;

/** Reads status and headers of the HTTP upgrade, where the implementation tells them. */
export function observeUpgrade(raw: RawSocket): Upgrade {
  let status: number | undefined;
  const pongs$ = new Subject<unknown>();
  const upgrade: Upgrade = {
    pongs$,
    ...(raw.ping && {
      ping() {
        raw.ping?.();
      },
    }),
    failure: (where, offered, cause) => dialFailure(where, offered, status, cause),
  };
  raw.on?.('pong', () => {
    pongs$.next(undefined);
  });
  raw.on?.('upgrade', ({ headers }: HttpResponse) => {
    const shown = Object.entries(headers).map(([name, value]) => [
      name,
      secretHeaders.includes(name) ? '[redacted]' : String(value),
    ]);
    upgrade.headers = Object.fromEntries(shown) as Record<string, string>;
  });
  raw.on?.('unexpected-response', (_request: unknown, response: HttpResponse) => {
    status = response.statusCode;
    // with a listener for this event `ws` leaves the end of the attempt to us
    raw.terminate?.();
  });
  return upgrade;
}

function dialFailure(
  where: string,
  offered: readonly string[],
  status: number | undefined,
  failure: unknown,
): GraphQLSocketError {
  if (status !== undefined) {
    const error = new ConnectionError(`could not connect to ${where}: HTTP ${status}`, { status });
    return passing(status) ? error : misconfigured(error);
  }
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
    ? misconfigured(
        new ConnectionError(
          `${what} (TLS ${code}: look at \`ca\`, \`cert\` and \`key\` in \`webSocketOptions\`)`,
          options,
        ),
      )
    : new ConnectionError(what, options);
}
