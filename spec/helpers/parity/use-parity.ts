import type { GraphQLSocket, GraphQLSocketConfig } from 'rx-graphql-ws';
import type { GraphQLTestServer, GraphQLTestServerOptions } from 'rx-graphql-ws/testing/server';
import { useServer } from '../use-server.js';
import { useSocket } from '../use-socket.js';

export interface Pair {
  readonly server: GraphQLTestServer;
  readonly socket: GraphQLSocket;
}

/** A server for one protocol and a socket that does not retry; both are closed after each test of the suite. */
export function useParity(
  subprotocol: string,
): (options: GraphQLTestServerOptions, config?: Partial<GraphQLSocketConfig>) => Promise<Pair> {
  const connect = useSocket();
  const serve = useServer();
  return async (options, config) => {
    const server = await serve({ subprotocols: [subprotocol], ...options });
    return { server, socket: connect({ url: server.url, retry: false, ...config }) };
  };
}
