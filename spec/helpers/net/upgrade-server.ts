import { once } from 'node:events';
import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo, Server, Socket } from 'node:net';
import { WebSocketServer, type WebSocket } from 'ws';

/**
 * A server of WebSockets which leaves it to others to speak.
 *
 * @param onSocket - is given each WebSocket, and what is under it
 * @param port - a free one by default
 * @param onRequest - answers what is no upgrade
 */
export async function upgradeServer(
  onSocket: (socket: WebSocket, stream: Socket) => void,
  { port = 0, onRequest }: { readonly port?: number; readonly onRequest?: RequestListener } = {},
) {
  const http = createServer(onRequest);
  const upgrader = new WebSocketServer({
    noServer: true,
    handleProtocols: (offered) =>
      ['graphql-transport-ws', 'graphql-ws'].find((name) => offered.has(name)) ?? false,
  });
  const streams = new Set<Socket>();
  http.on('upgrade', (request, _duplex, head) => {
    const stream = request.socket;
    streams.add(stream);
    stream.on('error', () => {}).on('close', () => streams.delete(stream));
    upgrader.handleUpgrade(request, stream, head, (socket) => {
      socket.on('error', () => {});
      onSocket(socket, stream);
    });
  });
  const address = await listen(http, port);
  return {
    ...address,
    streams,
    /** Stops listening, and destroys all connections. */
    async stop() {
      const closed = once(http, 'close');
      http.close();
      for (const stream of streams) stream.destroy();
      await closed;
    },
  };
}

/** Listens on this machine. */
export async function listen(server: Server, port = 0) {
  server.listen(port, '127.0.0.1', 1_000);
  await once(server, 'listening');
  const { port: found } = server.address() as AddressInfo;
  return { port: found, url: `ws://127.0.0.1:${found}/graphql` };
}
