import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { WebSocketServer } from 'ws';

/** A server that acknowledges, and closes at once: the worst that some of them do while they restart. */
export interface FlappingServer {
  readonly url: string;
  readonly dials: number;
  stop(): Promise<void>;
}

export async function flappingServer(code: number): Promise<FlappingServer> {
  const server = new WebSocketServer({ port: 0, host: '127.0.0.1' });
  let dials = 0;
  server.on('connection', (socket) => {
    dials += 1;
    socket.on('error', () => {});
    socket.once('message', () => {
      socket.send('{"type":"connection_ack"}');
      socket.close(code);
    });
  });
  await once(server, 'listening');
  return {
    url: `ws://127.0.0.1:${(server.address() as AddressInfo).port}/graphql`,
    get dials() {
      return dials;
    },
    async stop() {
      for (const client of server.clients) client.terminate();
      server.close();
      await once(server, 'close');
    },
  };
}
