import { once } from 'node:events';
import {
  createServer as createHttpServer,
  type IncomingMessage,
  type RequestListener,
} from 'node:http';
import { createServer as createHttpsServer } from 'node:https';
import type { AddressInfo } from 'node:net';
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
  /** Listens, from the second time on at the same port. */
  start(): Promise<void>;
  /** Stops listening and destroys every TCP connection. */
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
  let bound = port;
  server.on('upgrade', onUpgrade);
  server.on('request', onRequest);
  const url = (scheme: string) => `${scheme}${tls ? 's' : ''}://${host}:${bound}/graphql`;
  return {
    get url() {
      return url('ws');
    },
    get httpUrl() {
      return url('http');
    },
    start: async () => {
      if (server.listening) return;
      server.listen(bound, host);
      await once(server, 'listening');
      bound = (server.address() as AddressInfo).port;
    },
    stop: async () => {
      const closed = once(server, 'close');
      server.close();
      tcp.destroy();
      await closed;
    },
  };
}
