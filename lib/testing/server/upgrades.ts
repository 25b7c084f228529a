import { type IncomingMessage, STATUS_CODES } from 'node:http';
import type { Duplex } from 'node:stream';
import { fromEvent, takeUntil } from 'rxjs';
import { type WebSocket, WebSocketServer } from 'ws';
import { isText, mustReturn } from '../check.js';
import type { ArrivalFaults, HttpRefusal, Rejection, UpgradeRequest } from './api/peer.js';
import { checkUpgradeVerdict } from './check-faults.js';
import type { Core } from './core.js';
import { eventually } from './eventually.js';
import type { Tokens } from './tokens.js';

export function createQueue<F>() {
  const waiting: { readonly fault: F; left: number }[] = [];
  return {
    /** @param times - a whole number, or Infinity */
    add: (fault: F, times: number) => void waiting.push({ fault, left: times }),
    take: (): F | undefined => {
      const [first] = waiting;
      if (!first) return undefined;
      first.left -= 1;
      if (first.left === 0) waiting.shift();
      return first.fault;
    },
    clear: () => void waiting.splice(0),
  };
}

/** Makes the faults of sockets that are not open yet. `rejection` answers handshakes while `reject()` holds. */
export function createArrivals() {
  const refusals = createQueue<HttpRefusal>();
  let rejection: Rejection | undefined;
  const faults: Omit<ArrivalFaults, 'restart'> = {
    failDials: (refusal, times = 1) => refusals.add(refusal, times),
    reject: (reject = { message: 'Forbidden' }, close = {}) => {
      rejection = { ...close, reject };
    },
    accept: () => {
      refusals.clear();
      rejection = undefined;
    },
  };
  return { takeRefusal: refusals.take, faults, rejection: () => rejection };
}

/** Answers a request to upgrade with HTTP, and ends the TCP connection. */
export function refuseUpgrade(
  stream: Duplex,
  { status, headers = {}, body = '' }: HttpRefusal,
): undefined {
  const fields = { Connection: 'close', 'Content-Length': Buffer.byteLength(body), ...headers };
  const lines = Object.entries(fields).map(([name, value]) => `${name}: ${value}\r\n`);
  const reason = STATUS_CODES[status] ?? 'Refused';
  stream.once('finish', () => stream.destroy());
  stream.end(`HTTP/1.1 ${status} ${reason}\r\n${lines.join('')}\r\n${body}`);
}

/** Upgrades HTTP requests to WebSockets, or refuses them: first by a fault, then by the tokens, then by `authorize`. */
export function createUpgrader(
  { options, write, fail }: Core,
  { admitUpgrade }: Tokens,
  takeRefusal: () => HttpRefusal | undefined,
  onSocket: (socket: WebSocket, stream: Duplex, request: UpgradeRequest) => void,
  onDial?: (stream: Duplex, incoming: IncomingMessage) => boolean,
) {
  const webSockets = createWebSockets(options);
  return (incoming: IncomingMessage, stream: Duplex, head: Buffer): void => {
    // Without a listener a reset by the client would end the process.
    stream.on('error', () => stream.destroy());
    const request = describe(incoming);
    const isGraphQL = request.url.split('?', 1)[0] === '/graphql';
    write({ type: 'upgrade', ...request });
    if (onDial && isGraphQL && !onDial(stream, incoming)) return;
    const refusal = isGraphQL ? takeRefusal() : { status: 404 };
    if (refusal) {
      refuseUpgrade(stream, refusal);
      return;
    }
    eventually(() => admitUpgrade(request) ?? options.authorize(request))
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

function createWebSockets({ headers, subprotocols }: Core['options']): WebSocketServer {
  const select =
    typeof subprotocols === 'function'
      ? subprotocols
      : (offered: readonly string[]) => subprotocols.find((name) => offered.includes(name));
  const webSockets = new WebSocketServer({
    noServer: true,
    clientTracking: false,
    handleProtocols: (offered) => {
      const name = select([...offered]);
      checkName('subprotocols', name);
      return name ?? false;
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
