import { execute, subscribe } from 'graphql';
import type { IncomingMessage } from 'node:http';
import type { ServerOptions } from 'subscriptions-transport-ws';
import { SubscriptionServer } from 'subscriptions-transport-ws';
import type { Viewer } from './schema.js';
import { schema } from './schema.js';
import type { AttachPeer, PeerParts } from './peer-options.js';
import { path, verifyClient, viewerOf } from './peer-options.js';

/** The stock server of subscriptions-transport-ws, with the `ws` it brings along: the legacy protocol alone, echoing whatever is offered first. */
export const attachLegacy: AttachPeer = (parts) => {
  const { server } = SubscriptionServer.create(legacyOptions(parts), {
    server: parts.server,
    path,
    verifyClient: verifyClient(parts),
  });
  server.on('connection', parts.onSocket);
};

export function legacyOptions({ root, seen, accept = () => true }: PeerParts): ServerOptions {
  return {
    schema,
    rootValue: root,
    execute: execute as NonNullable<ServerOptions['execute']>,
    subscribe: subscribe as NonNullable<ServerOptions['subscribe']>,
    keepAlive: 50,
    onConnect: (
      params: Readonly<Record<string, unknown>>,
      _socket: unknown,
      { request }: { request: IncomingMessage },
    ): Viewer => {
      if (!accept(params)) throw new Error('who are you?');
      return { viewer: viewerOf(params, request.headers) };
    },
    onOperation: ({ id }: { id: string }, parameters: unknown) => {
      seen.ids.push(id);
      return parameters;
    },
  };
}
