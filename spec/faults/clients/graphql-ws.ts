import { setTimeout as delay } from 'node:timers/promises';
import { createClient, type Client as GraphqlWs, type ClientOptions } from 'graphql-ws';
import { WebSocket } from 'ws';
import type { Client, ClientSettings } from './client.js';

/** graphql-ws as it comes. */
export function graphqlWs(settings: ClientSettings): Client {
  return adapt(createClient(common(settings)));
}

/** A dial without a deadline is what `ws` does by itself. */
class ImpatientWebSocket extends WebSocket {
  constructor(url: string, protocols?: string | string[]) {
    super(url, protocols, { handshakeTimeout: 500 });
  }
}

/** graphql-ws with what its documentation has to offer: retries without end, deadlines, and the keep-alive recipe with `terminate()`. */
export function tunedGraphqlWs(settings: ClientSettings): Client {
  let pongDue: NodeJS.Timeout | undefined;
  const client: GraphqlWs = createClient({
    ...common(settings),
    webSocketImpl: ImpatientWebSocket,
    retryAttempts: Infinity,
    shouldRetry: () => true,
    retryWait: async (retries) => {
      await delay(Math.min(50 * 2 ** retries, 1_000));
    },
    connectionAckWaitTimeout: 500,
    keepAlive: 300,
    on: {
      ping: (received) => {
        if (received) return;
        pongDue = setTimeout(() => client.terminate(), 500);
      },
      pong: (received) => {
        if (received) clearTimeout(pongDue);
      },
      closed: () => clearTimeout(pongDue),
    },
  });
  return adapt(client);
}

function common({ url, connectionParams }: ClientSettings): ClientOptions {
  return {
    url,
    webSocketImpl: WebSocket,
    connectionParams: connectionParams as Record<string, unknown>,
  };
}

function adapt(client: GraphqlWs): Client {
  return {
    subscribe: (query, observer) =>
      client.subscribe(
        { query },
        {
          next: ({ data }) => observer.next(data),
          error: (error) => observer.error(error),
          complete: () => observer.complete(),
        },
      ),
    close: () => client.dispose(),
  };
}
