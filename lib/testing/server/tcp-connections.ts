import { once } from 'node:events';
import type { Server, Socket } from 'node:net';
import type { Duplex } from 'node:stream';

/** The TCP connections of a server: its HTTP server knows neither those that were upgraded nor what is below TLS. */
export interface TcpConnections {
  /** Takes the connections of a server, before it does itself. */
  take(server: Server): void;
  /** Ends a connection with RST, be it with TLS. */
  reset(stream: Duplex): void;
  /** Ends them all, and waits until they are gone. */
  destroy(): Promise<void>;
}

/**
 * No connections yet.
 *
 * @param isStalled - asked at each connection: whether it is not to be answered
 */
export function tcpConnections(isStalled: () => boolean): TcpConnections {
  const sockets = new Set<Socket>();
  return {
    take: (server) => {
      const accept = server.listeners('connection');
      server.removeAllListeners('connection').on('connection', (socket: Socket) => {
        sockets.add(socket);
        socket.on('close', () => sockets.delete(socket));
        if (isStalled()) ignore(socket);
        else for (const listener of accept) Reflect.apply(listener, server, [socket]);
      });
    },
    reset: (stream) => {
      // With TLS it has the ports of the connection below it, and no way to reset that.
      const { remotePort } = stream as Pick<Socket, 'remotePort'> & Duplex;
      for (const socket of sockets) if (socket.remotePort === remotePort) socket.resetAndDestroy();
    },
    destroy: async () => {
      const gone = Array.from(sockets, (socket) => once(socket, 'close'));
      for (const socket of sockets) socket.destroy();
      await Promise.all(gone);
    },
  };
}

function ignore(socket: Socket): void {
  // Read all the same: it is over when the client has gone.
  socket.on('error', () => socket.destroy());
  socket.on('end', () => socket.destroy()).resume();
}
