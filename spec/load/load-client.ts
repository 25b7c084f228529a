import { createClient } from 'graphql-ws';
import { graphqlSocket } from 'rx-graphql-ws';
import WebSocket from 'ws';
import type { FeedVariables } from './feed/feed-messages.js';

/** What a user holds to end an operation. */
type Running = (() => void) | { unsubscribe(): void };

/** One socket, with the little that is done with it here. */
export interface LoadClient {
  /** `next` gets the data of each result. */
  subscribe(variables: FeedVariables, next: (data: unknown) => void): Running;
  close(): void;
}

const query = 'subscription Trades($results: Int!) { trade { symbol price amount signature } }';

/** Ours, and the one that we are measured against; both with their defaults. */
export const loadClients: Readonly<Record<string, (url: string) => LoadClient>> = {
  'rx-graphql-ws': (url) => {
    const socket = graphqlSocket({ url });
    return {
      subscribe: (variables, next) =>
        socket.subscribe$({ query, variables }).subscribe({ next, error: fail }),
      close: socket.close,
    };
  },
  'graphql-ws': (url) => {
    // ids as short as ours: its own are 36 characters long
    let last = 0;
    const generateID = () => String((last += 1));
    const client = createClient({ url, webSocketImpl: WebSocket, generateID });
    return {
      subscribe: (variables, next) =>
        client.subscribe(
          { query, variables: { ...variables } },
          {
            next: ({ data }) => {
              next(data);
            },
            error: fail,
            complete: () => undefined,
          },
        ),
      close: () => void client.dispose(),
    };
  },
};

export function end(running: Running | undefined): void {
  if (typeof running === 'function') running();
  else running?.unsubscribe();
}

function fail(error: unknown): void {
  console.error(error);
  process.exit(1);
}
