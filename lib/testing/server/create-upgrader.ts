import { STATUS_CODES, type IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { fromEvent, takeUntil } from 'rxjs';
import { WebSocketServer, type WebSocket } from 'ws';
import { eventually } from './eventually.js';
import type { GraphQLTestServerOptions } from './graphql-test-server-options.js';
import type { LedgerWriter } from './ledger.js';
import type { OnUpgrade } from './listener.js';
import { selectSubprotocol } from './select-subprotocol.js';
import type { HttpRefusal, UpgradeRequest } from './verdict.js';

/** Called with each socket opened. */
export type OnSocket = (socket: WebSocket, stream: Duplex, request: UpgradeRequest) => void;

/**
 * Turns HTTP requests into WebSockets, or away.
 *
 * @param options - the server's
 * @param onSocket - what becomes of a socket
 * @param write - the ledger's
 */
export function createUpgrader(
  options: GraphQLTestServerOptions,
  onSocket: OnSocket,
  write: LedgerWriter['write'],
): OnUpgrade {
  const { authorize = () => true, headers = {} } = options;
  const select = selectSubprotocol(options);
  const webSockets = new WebSocketServer({
    noServer: true,
    clientTracking: false,
    handleProtocols: (offered) => select([...offered]) ?? false,
  });
  webSockets.on('headers', (lines) => {
    for (const [name, value] of Object.entries(headers)) lines.push(`${name}: ${value}`);
  });
  return (incoming, stream, head) => {
    // Without a listener a reset by the client would end the process.
    stream.on('error', () => stream.destroy());
    const request = describe(incoming);
    write({ type: 'upgrade', ...request });
    eventually(() => (isGraphQL(request) ? authorize(request) : { status: 404 }))
      .pipe(takeUntil(fromEvent(stream, 'close')))
      .subscribe({
        next: (verdict) => {
          if (verdict === undefined || verdict === true)
            webSockets.handleUpgrade(incoming, stream, head, (socket) => {
              onSocket(socket, stream, request);
            });
          else refuse(stream, verdict === false ? { status: 401 } : verdict);
        },
        error: () => {
          refuse(stream, { status: 500 });
        },
      });
  };
}

function describe({ url = '', headers }: IncomingMessage): UpgradeRequest {
  const offer = headers['sec-websocket-protocol'] ?? '';
  const subprotocols = offer.split(',').map((name) => name.trim());
  return { url, headers, subprotocols: subprotocols.filter((name) => name !== '') };
}

function isGraphQL({ url }: UpgradeRequest): boolean {
  return url.split('?', 1)[0] === '/graphql';
}

function refuse(stream: Duplex, { status, headers = {}, body = '' }: HttpRefusal): void {
  const lines = Object.entries({
    Connection: 'close',
    'Content-Length': Buffer.byteLength(body),
    ...headers,
  }).map(([name, value]) => `${name}: ${value}\r\n`);
  stream.once('finish', () => stream.destroy());
  stream.end(
    `HTTP/1.1 ${status} ${STATUS_CODES[status] ?? 'Refused'}\r\n${lines.join('')}\r\n${body}`,
  );
}
