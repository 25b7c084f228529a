import type { Server, Socket } from 'node:net';
import type { Duplex } from 'node:stream';

/** Faults below HTTP and TLS, for a server that does not listen yet. */
export function tamperWithTcp(server: Server) {
  const byPort = new Map<number | undefined, Socket>();
  let stalled = 0;
  const [track, ...accept] = server.listeners('connection');
  server.removeAllListeners('connection').on('connection', (socket: Socket) => {
    byPort.set(socket.remotePort, socket);
    Reflect.apply(track!, server, [socket]);
    if (stalled-- > 0) ignore(socket);
    else for (const listener of accept) Reflect.apply(listener, server, [socket]);
  });
  return {
    /** Ends a connection with RST. A TLS stream has the port of its TCP connection, and no way to reset it. */
    reset: (stream: Duplex) =>
      byPort.get((stream as Pick<Socket, 'remotePort'> & Duplex).remotePort)?.resetAndDestroy(),
    /** Accepts TCP and does not answer TLS, for the next connections. */
    stallTls: (times: number) => {
      stalled = times;
    },
  };
}

/** Reads a connection without an answer, because otherwise the server would not see that the client has gone. */
function ignore(socket: Socket): void {
  socket.on('error', () => socket.destroy());
  socket.on('end', () => socket.destroy()).resume();
}
