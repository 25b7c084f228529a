import 'reflect-metadata';
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { ApolloDriver, type ApolloDriverConfig } from '@nestjs/apollo';
import { Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { GraphQLModule } from '@nestjs/graphql';
import fastify from 'fastify';
import { execute, subscribe } from 'graphql';
import { useServer } from 'graphql-ws/use/ws';
// @ts-expect-error -- its declarations are not among its exports
import { useServer as useServer4 } from 'graphql-ws-4/lib/use/ws';
import { createSchema, createYoga } from 'graphql-yoga';
import mercurius from 'mercurius';
import { WebSocketServer } from 'ws';
import { resolvers, typeDefs } from './schema.js';

export interface Peer {
  readonly url: string;
  readonly running: ReadonlyMap<string, number>;
  /** The number of WebSockets that were opened. */
  readonly dials: number;
  /** Drops every socket. */
  drop(): void;
  stop(): Promise<void>;
}

export interface PeerOptions {
  /** Called in `onConnect`; it refuses by throwing. */
  readonly onConnect?: (() => void) | undefined;
}

/** Counts and drops the sockets of an HTTP server, whoever speaks on them. */
function watchSockets(server: Server) {
  const sockets = new Set<Socket>();
  let dials = 0;
  server.on('connection', (socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
  });
  server.on('upgrade', () => (dials += 1));
  return {
    get dials() {
      return dials;
    },
    drop() {
      for (const socket of sockets) socket.destroy();
    },
  };
}

function peer(server: Server, running: ReadonlyMap<string, number>, close: () => Promise<unknown>) {
  const sockets = watchSockets(server);
  return (): Peer => ({
    url: `ws://127.0.0.1:${(server.address() as AddressInfo).port}/graphql`,
    running,
    get dials() {
      return sockets.dials;
    },
    drop: sockets.drop,
    async stop() {
      const closed = close();
      sockets.drop();
      await closed;
    },
  });
}

async function serve(server: Server, wss: WebSocketServer, running: ReadonlyMap<string, number>) {
  const made = peer(server, running, async () => {
    wss.close();
    server.close();
    await once(server, 'close');
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return made();
}

/** Yoga with graphql-ws, as its documentation joins them. */
export async function yoga({ onConnect }: PeerOptions = {}): Promise<Peer> {
  const { map, running } = resolvers();
  const app = createYoga({ schema: createSchema({ typeDefs, resolvers: map }), logging: false });
  // eslint-disable-next-line @typescript-eslint/no-misused-promises -- Yoga's handler answers by itself
  const server = createServer(app);
  const wss = new WebSocketServer({ server, path: '/graphql' });
  useServer(
    {
      ...(onConnect && { onConnect }),
      execute: (args) => (args as unknown as Enveloped).rootValue.execute(args),
      subscribe: (args) => (args as unknown as Enveloped).rootValue.subscribe(args),
      async onSubscribe(context, _id, params) {
        const { schema, execute, subscribe, contextFactory, parse, validate } = app.getEnveloped({
          ...context,
          req: context.extra.request,
          socket: context.extra.socket,
          params,
        });
        const args = {
          schema,
          operationName: params.operationName,
          document: parse(params.query),
          variableValues: params.variables,
          contextValue: await contextFactory(),
          rootValue: { execute, subscribe },
        };
        const errors = validate(args.schema, args.document) as readonly Error[];
        return (errors.length > 0 ? errors : args) as never;
      },
    },
    wss,
  );
  return serve(server, wss, running);
}

/** graphql-ws 4, which speaks the same subprotocol and closes with 4400 at each `ping`, because version 5 introduced it. */
export async function graphqlWs4({ onConnect }: PeerOptions = {}): Promise<Peer> {
  const { map, running } = resolvers();
  const server = createServer();
  const wss = new WebSocketServer({ server, path: '/graphql' });
  const schema = createSchema({ typeDefs, resolvers: map });
  useServer4({ schema, execute, subscribe, ...(onConnect && { onConnect }) }, wss as never);
  return serve(server, wss, running);
}

interface Enveloped {
  readonly rootValue: { execute(args: unknown): never; subscribe(args: unknown): never };
}

/** mercurius with its own implementation of both protocols. */
export async function mercuriusServer({ onConnect }: PeerOptions = {}): Promise<Peer> {
  const { map, running } = resolvers();
  const app = fastify();
  const refuse = onConnect && {
    onConnect() {
      onConnect();
      return true;
    },
  };
  await app.register(mercurius, {
    schema: typeDefs,
    resolvers: map as never,
    subscription: { fullWsTransport: true, keepAlive: 500, ...refuse } as never,
  });
  const made = peer(app.server, running, () => app.close());
  await app.listen({ port: 0, host: '127.0.0.1' });
  return made();
}

/** Nest with Apollo's driver, for one of the two protocols. */
export const nest =
  (protocol: 'graphql-ws' | 'subscriptions-transport-ws') =>
  async ({ onConnect }: PeerOptions = {}): Promise<Peer> => {
    const { map, running } = resolvers();
    class App {}
    Module({
      imports: [
        GraphQLModule.forRoot<ApolloDriverConfig>({
          driver: ApolloDriver,
          typeDefs,
          resolvers: map,
          playground: false,
          subscriptions: { [protocol]: { path: '/graphql', ...(onConnect && { onConnect }) } },
        }),
      ],
    })(App);
    const app = await NestFactory.create(App, { logger: false });
    const server = app.getHttpServer() as Server;
    const made = peer(server, running, () => app.close());
    await app.listen(0, '127.0.0.1');
    return made();
  };
