import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { createSchema, createYoga } from 'graphql-yoga';
import { useServer } from 'graphql-ws/use/ws';
import { WebSocketServer } from 'ws';

const typeDefs = /* GraphQL */ `
  type Trade {
    id: ID!
    price: Int!
  }
  type Query {
    trade(id: ID!): Trade!
  }
  type Mutation {
    slow(ms: Int!): Int!
  }
  type Subscription {
    trade(id: ID!): Trade!
    refused: Int
  }
`;

/** A real server of graphql-ws 6 with HTTP beside it, on a port that it keeps over its lives. */
export async function tradesServer() {
  /** Streams that run, by the id of their trade. */
  const running = new Map<string, number>();
  /** The operations that came over a WebSocket. */
  const operations: { readonly query: string; readonly name: string | undefined }[] = [];
  let price = 0;
  let dials = 0;
  let mutations = 0;
  const count = (id: string, by: number) => running.set(id, (running.get(id) ?? 0) + by);
  async function* trades(_root: unknown, { id }: { id: string }) {
    count(id, 1);
    try {
      for (;;) {
        yield { trade: { id, price: (price += 1) } };
        await delay(10, undefined, { ref: false });
      }
    } finally {
      count(id, -1);
    }
  }
  const schema = createSchema({
    typeDefs,
    resolvers: {
      Query: { trade: (_root, { id }: { id: string }) => ({ id, price }) },
      Mutation: {
        async slow(_root, { ms }: { ms: number }) {
          mutations += 1;
          await delay(ms, undefined, { ref: false });
          return mutations;
        },
      },
      Subscription: { trade: { subscribe: trades } },
    },
  });
  const sockets = new Set<Socket>();
  let server: Server | undefined;
  let port = 0;
  const start = async () => {
    const yoga = createYoga({ schema, logging: false });
    // eslint-disable-next-line @typescript-eslint/no-misused-promises -- Yoga's handler answers by itself
    server = createServer(yoga);
    server.on('connection', (socket) => {
      sockets.add(socket);
      socket.on('close', () => sockets.delete(socket));
    });
    const wss = new WebSocketServer({ server, path: '/graphql' });
    wss.on('connection', () => (dials += 1));
    useServer(
      {
        schema,
        onSubscribe: (_context, _id, { query, operationName }) =>
          void operations.push({ query, name: operationName ?? undefined }),
      },
      wss,
    );
    server.listen(port, '127.0.0.1');
    await once(server, 'listening');
    ({ port } = server.address() as AddressInfo);
  };
  const stop = async () => {
    if (!server?.listening) return;
    const closed = once(server, 'close');
    server.close();
    for (const socket of sockets) socket.destroy();
    await closed;
  };
  await start();
  return {
    url: `ws://127.0.0.1:${port}/graphql`,
    running,
    operations,
    get dials() {
      return dials;
    },
    /** The mutations that were begun. */
    get mutations() {
      return mutations;
    },
    stop,
    async restart() {
      await stop();
      await delay(50);
      await start();
    },
  };
}
