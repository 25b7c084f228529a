import { once } from 'node:events';
import { createServer, type Socket } from 'node:net';
import { afterEach } from 'mocha';
import { listen } from './upgrade-server.js';

/** A TCP server that knows nothing of HTTP. */
export interface TcpServer {
  readonly url: string;
  readonly port: number;
  /** The sockets open now. */
  readonly sockets: ReadonlySet<Socket>;
  /** How many sockets there were. */
  readonly accepted: number;
  /** Stops listening, and destroys every socket. */
  stop(): Promise<void>;
}

/** Starts TCP servers that are stopped after each test of the suite. */
export function useTcp(): (onSocket?: (socket: Socket) => void) => Promise<TcpServer> {
  const servers: TcpServer[] = [];
  afterEach(async () => {
    for (const server of servers.splice(0)) await server.stop();
  });
  return async (onSocket) => {
    const server = await tcpServer(onSocket);
    servers.push(server);
    return server;
  };
}

async function tcpServer(onSocket: (socket: Socket) => void = () => {}): Promise<TcpServer> {
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
