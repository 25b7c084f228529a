import { graphqlSocket, type GraphQLSocketConfig } from 'rx-graphql-ws';
import type { Client, ClientSettings } from './client.js';

/** The client of this package, with short deadlines. */
export function rxGraphqlWs(
  { url, connectionParams, options }: ClientSettings,
  more: Partial<GraphQLSocketConfig> = {},
): Client {
  const socket = graphqlSocket({
    url,
    connectionParams,
    connectTimeout: 500,
    ackTimeout: 500,
    pingInterval: 300,
    pongTimeout: 500,
    closeTimeout: 500,
    retry: { delay: 50 },
    ...options,
    ...more,
  });
  return {
    socket,
    subscribe: (query, observer) => {
      const subscription = socket.subscribe$(query).subscribe(observer);
      return () => subscription.unsubscribe();
    },
    close: () => socket.close(),
  };
}
