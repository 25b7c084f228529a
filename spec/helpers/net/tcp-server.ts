import { once } from 'node:events';
import { createServer, type Socket } from 'node:net';
import { afterEach } from 'mocha';
import { listen } from './upgrade-server.js';

/** Starts TCP servers that are stopped after each test of the suite. */
export function useTcp(): (onSocket?: (socket: Socket) => void) => ReturnType<typeof tcpServer> {
  const servers: { stop(): Promise<void> }[] = [];
  afterEach(async () => {
    for (const server of servers.splice(0)) await server.stop();
  });
  return async (onSocket) => {
    const server = await tcpServer(onSocket);
    servers.push(server);
    return server;
  };
}

/** A TCP server that knows nothing of HTTP. */
async function tcpServer(onSocket: (socket: Socket) => void = () => {}) {
  const sockets = new Set<Socket>();
  let accepted = 0;
  const server = createServer((socket) => {
    accepted += 1;
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
    socket.on('error', () => {});
    // unread, its end would not be seen
    socket.resume();
    onSocket(socket);
  });
  return {
    ...(await listen(server)),
    sockets,
    get accepted() {
      return accepted;
    },
    async stop() {
      if (!server.listening) return;
      const closed = once(server, 'close');
      server.close();
      for (const socket of sockets) socket.destroy();
      await closed;
    },
  };
}
