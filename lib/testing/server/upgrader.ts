import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { fromEvent, takeUntil } from 'rxjs';
import { type WebSocket, WebSocketServer } from 'ws';
import { isText, mustReturn } from '../check.js';
import { type DialFault, type FaultQueue, refuseUpgrade } from './arrivals.js';
import { checkUpgradeVerdict } from './check-frame.js';
import type { LedgerWriter } from './ledger.js';
import type { GraphQLTestServerOptions } from './options.js';
import type { Scripts } from './run-scripts.js';
import type { Tokens } from './tokens.js';
import { eventually, type UpgradeRequest } from './verdict.js';

export type OnSocket = (socket: WebSocket, stream: Duplex, request: UpgradeRequest) => void;

/** Called with each request to upgrade; `head` is the rest of the first packet. */
export type OnUpgrade = (request: IncomingMessage, stream: Duplex, head: Buffer) => void;

interface UpgradeParts extends Pick<LedgerWriter, 'write'>, Pick<Scripts, 'fail'> {
  readonly options: GraphQLTestServerOptions;
  readonly tokens: Pick<Tokens, 'admitUpgrade'>;
  readonly dials: FaultQueue<DialFault>;
  readonly onSocket: OnSocket;
}

/** Upgrades HTTP requests to WebSockets, or refuses them: first by a fault, then by the tokens, then by `authorize`. */
export function createUpgrader(parts: UpgradeParts): OnUpgrade {
  const { options, onSocket, tokens, dials, write, fail } = parts;
  const { authorize = () => true } = options;
  const webSockets = createWebSockets(options);
  return (incoming, stream, head) => {
    // Without a listener a reset by the client would end the process.
    stream.on('error', () => stream.destroy());
    const request = describe(incoming);
    const isGraphQL = request.url.split('?', 1)[0] === '/graphql';
    write({ type: 'upgrade', ...request });
    const fault = isGraphQL ? dials.take() : undefined;
    if (fault && !fault({ incoming, stream })) return;
    const judge = () =>
      isGraphQL ? (tokens.admitUpgrade(request) ?? authorize(request)) : { status: 404 };
    eventually(judge)
      .pipe(takeUntil(fromEvent(stream, 'close')))
      .subscribe({
        next: (verdict) => {
          try {
            checkUpgradeVerdict('authorize', verdict);
            if (verdict === undefined || verdict === true)
              webSockets.handleUpgrade(incoming, stream, head, (socket) =>
                onSocket(socket, stream, request),
              );
            else refuseUpgrade(stream, verdict === false ? { status: 401 } : verdict);
          } catch (error) {
            // An exception here would end the process.
            fail(error);
            refuseUpgrade(stream, { status: 500 });
          }
        },
        error: () => refuseUpgrade(stream, { status: 500 }),
      });
  };
}

const checkName = mustReturn('a name or undefined', (name) => name === undefined || isText(name));

function createWebSockets({
  headers = {},
  subprotocols = ['graphql-transport-ws', 'graphql-ws'],
}: GraphQLTestServerOptions): WebSocketServer {
  const select = (offered: readonly string[]) => {
    if (typeof subprotocols !== 'function')
      return subprotocols.find((name) => offered.includes(name));
    const name = subprotocols(offered);
    checkName('subprotocols', name);
    return name;
  };
  const webSockets = new WebSocketServer({
    noServer: true,
    clientTracking: false,
    handleProtocols: (offered) => select([...offered]) ?? false,
  });
  webSockets.on('headers', (lines) => {
    for (const [name, value] of Object.entries(headers)) lines.push(`${name}: ${value}`);
  });
  return webSockets;
}

function describe({ url = '', headers }: IncomingMessage): UpgradeRequest {
  const offer = headers['sec-websocket-protocol'] ?? '';
  const subprotocols = offer.split(',').map((name) => name.trim());
  return { url, headers, subprotocols: subprotocols.filter((name) => name !== '') };
}
