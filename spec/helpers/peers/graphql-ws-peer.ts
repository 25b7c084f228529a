import { useServer } from 'graphql-ws/use/ws';
import { WebSocketServer } from 'ws';
import type { Viewer } from './schema.js';
import { schema } from './schema.js';
import type { AttachPeer, PeerParts } from './peer-options.js';
import { path, verifyClient, viewerOf } from './peer-options.js';

/** The server of the library graphql-ws: the current protocol alone. */
export const attachGraphqlWs: AttachPeer = (parts) => {
  useGraphqlWs(
    parts,
    new WebSocketServer({ server: parts.server, path, verifyClient: verifyClient(parts) }),
  );
};

export function useGraphqlWs(
  { root, seen, onSocket, accept = () => true }: PeerParts,
  server: WebSocketServer,
): void {
  server.on('connection', onSocket);
  useServer<Record<string, unknown>, { request: { headers: Record<string, string> } }>(
    {
      schema,
      roots: { query: root, mutation: root, subscription: root },
      onConnect: ({ connectionParams = {} }) => accept(connectionParams),
      onSubscribe: (_context, id) => {
        seen.ids.push(id);
      },
      context: ({ connectionParams, extra }): Viewer & Record<string, unknown> => ({
        viewer: viewerOf(connectionParams, extra.request.headers),
      }),
    },
    server,
  );
}
