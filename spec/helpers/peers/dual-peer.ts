import { GRAPHQL_TRANSPORT_WS_PROTOCOL } from 'graphql-ws';
import { GRAPHQL_WS, SubscriptionServer } from 'subscriptions-transport-ws';
import { WebSocketServer } from 'ws';
import { useGraphqlWs } from './graphql-ws-peer.js';
import { legacyOptions } from './legacy-peer.js';
import type { AttachPeer } from './peer-options.js';
import { verifyClient } from './peer-options.js';

/** Both libraries behind one upgrade router: the recipe in the documentation of graphql-ws. */
export const attachDual: AttachPeer = (parts) => {
  const serverOptions = { noServer: true, verifyClient: verifyClient(parts) };
  const current = new WebSocketServer(serverOptions);
  useGraphqlWs(parts, current);
  const legacy = new WebSocketServer(serverOptions);
  legacy.on('connection', parts.onSocket);
  SubscriptionServer.create(legacyOptions(parts), legacy);
  parts.server.on('upgrade', (request, stream, head) => {
    const offered = request.headers['sec-websocket-protocol']?.split(',').map((s) => s.trim());
    const chosen =
      offered?.includes(GRAPHQL_WS) && !offered.includes(GRAPHQL_TRANSPORT_WS_PROTOCOL)
        ? legacy
        : current;
    chosen.handleUpgrade(request, stream, head, (socket) =>
      chosen.emit('connection', socket, request),
    );
  });
};
