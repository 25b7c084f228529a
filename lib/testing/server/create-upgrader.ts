import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { fromEvent, takeUntil } from 'rxjs';
import { WebSocketServer, type WebSocket } from 'ws';
import { checkUpgradeVerdict } from './check-verdict.js';
import { eventually } from './eventually.js';
import { isLie, isUpgradeFault, type DialFault, type Lie } from './faults/dial-fault.js';
import { failDial } from './faults/fail-dial.js';
import type { FaultQueue } from './faults/fault-queue.js';
import type { GraphQLTestServerOptions } from './graphql-test-server-options.js';
import type { LedgerWriter } from './ledger.js';
import type { OnUpgrade } from './listener.js';
import { refuseUpgrade } from './refuse-upgrade.js';
import type { Scripts } from './run-scripts.js';
import { selectSubprotocol } from './select-subprotocol.js';
import type { Tokens } from './tokens.js';
import type { UpgradeRequest } from './verdict.js';

/** Called with each socket opened, and in what its client was deceived. */
export type OnSocket = (
  socket: WebSocket,
  stream: Duplex,
  request: UpgradeRequest,
  lie: Lie | undefined,
) => void;

/** The faults of dials, and how to reset a TCP connection. */
export interface DialFaults {
  readonly dials: FaultQueue<DialFault>;
  readonly reset: (stream: Duplex) => void;
}

/**
 * Turns HTTP requests into WebSockets, or away.
 *
 * @param options - the server's
 * @param onSocket - what becomes of a socket
 * @param tokens - turn away, too
 * @param faults - come before all that
 * @param write - the ledger's
 * @param fail - is told of what the user's functions must not return
 */
export function createUpgrader(
  options: GraphQLTestServerOptions,
  onSocket: OnSocket,
  tokens: Pick<Tokens, 'admitUpgrade'>,
  { dials, reset }: DialFaults,
  write: LedgerWriter['write'],
  fail: Scripts['fail'],
): OnUpgrade {
  const { authorize = () => true } = options;
  const lies = new WeakMap<IncomingMessage, Lie>();
  const webSockets = createWebSockets(options, lies);
  return (incoming, stream, head) => {
    // Without a listener a reset by the client would end the process.
    stream.on('error', () => stream.destroy());
    const request = describe(incoming);
    write({ type: 'upgrade', ...request });
    const fault = isGraphQL(request) ? dials.takeIf(isUpgradeFault) : undefined;
    if (fault !== undefined && !isLie(fault)) {
      failDial(fault, { incoming, stream, reset });
      return;
    }
    if (fault) lies.set(incoming, fault);
    eventually(() =>
      isGraphQL(request) ? (tokens.admitUpgrade(request) ?? authorize(request)) : { status: 404 },
    )
      .pipe(takeUntil(fromEvent(stream, 'close')))
      .subscribe({
        next: (verdict) => {
          try {
            checkUpgradeVerdict('authorize', verdict);
            if (verdict === undefined || verdict === true)
              webSockets.handleUpgrade(incoming, stream, head, (socket) => {
                onSocket(socket, stream, request, fault);
              });
            else refuseUpgrade(stream, verdict === false ? { status: 401 } : verdict);
          } catch (error) {
            // A throw here would end the process, and leave the client waiting.
            fail(error);
            refuseUpgrade(stream, { status: 500 });
          }
        },
        error: () => {
          refuseUpgrade(stream, { status: 500 });
        },
      });
  };
}

function createWebSockets(
  options: GraphQLTestServerOptions,
  lies: WeakMap<IncomingMessage, Lie>,
): WebSocketServer {
  const { headers = {} } = options;
  const select = selectSubprotocol(options);
  const webSockets = new WebSocketServer({
    noServer: true,
    clientTracking: false,
    handleProtocols: (offered, incoming) => {
      const lie = lies.get(incoming);
      if (lie === 'no-subprotocol') return false;
      if (lie === 'unknown-subprotocol') return 'nobody-offered-this';
      return select([...offered]) ?? false;
    },
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

function isGraphQL({ url }: UpgradeRequest): boolean {
  return url.split('?', 1)[0] === '/graphql';
}
