import { once } from 'node:events';
import {
  createServer as createHttpServer,
  type IncomingMessage,
  type RequestListener,
} from 'node:http';
import { createServer as createHttpsServer } from 'node:https';
import { isIPv6, type AddressInfo } from 'node:net';
import type { Duplex } from 'node:stream';
import type { GraphQLTestServerOptions } from './graphql-test-server-options.js';
import type { PreparedTls } from './prepare-tls.js';
import type { TcpConnections } from './tcp-connections.js';

/** Called with each request to be upgraded; what is left of the first packet comes as `head`. */
export type OnUpgrade = (request: IncomingMessage, stream: Duplex, head: Buffer) => void;

/** An HTTP server on one port, for as many lives as one likes. */
export interface Listener {
  /** `ws:` or `wss:`, with the path `/graphql`. */
  readonly url: string;
  /** `http:` or `https:`, with the same host, port and path. */
  readonly httpUrl: string;
  /** Listens, from the second time on at the same port; once what was asked for before is done. */
  start(): Promise<void>;
  /** Stops listening and destroys every TCP connection, until all are gone; once what was asked for before is done. */
  stop(): Promise<void>;
}

/**
 * A listener that does not listen yet.
 *
 * @param options - where to listen, and whether with TLS
 * @param onUpgrade - answers the requests to be upgraded
 * @param onRequest - answers the others
 * @param tcp - takes the connections
 */
export function createListener(
  {
    port = 0,
    host = '127.0.0.1',
    tls,
  }: Pick<GraphQLTestServerOptions, 'port' | 'host'> & Pick<PreparedTls, 'tls'>,
  onUpgrade: OnUpgrade,
  onRequest: RequestListener,
  tcp: Pick<TcpConnections, 'take' | 'destroy'>,
): Listener {
  const server = tls ? createHttpsServer(tls) : createHttpServer();
  tcp.take(server);
  const inTurn = takeTurns();
  let bound = port;
  server.on('upgrade', onUpgrade);
  server.on('request', onRequest);
  const authority = isIPv6(host) ? `[${host}]` : host;
  const url = (scheme: string) => `${scheme}${tls ? 's' : ''}://${authority}:${bound}/graphql`;
  return {
    get url() {
      return url('ws');
    },
    get httpUrl() {
      return url('http');
    },
    start: () =>
      inTurn(async () => {
        if (server.listening) return;
        server.listen(bound, host);
        await once(server, 'listening');
        bound = (server.address() as AddressInfo).port;
      }),
    stop: () =>
      inTurn(async () => {
        const closed = once(server, 'close');
        const gone = tcp.destroy();
        server.close();
        await Promise.all([gone, closed]);
      }),
  };
}

/** Lets each begin when the one before has ended: a server that begins to listen, or to close, must not be interrupted. */
function takeTurns() {
  let last = Promise.resolve();
  return (act: () => Promise<void>): Promise<void> => {
    const turn = last.then(act);
    // Its caller is told.
    last = turn.catch(() => undefined);
    return turn;
  };
}
