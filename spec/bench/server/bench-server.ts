import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Duplex } from 'node:stream';
import { WebSocketServer } from 'ws';
import type { Asked, Done } from '../feed.js';
import { frameLoops } from './frame-loop.js';
import { createGates } from './gates.js';
import { serveClient } from './serve-client.js';
import { wordsOf } from './words.js';

/**
 * A server of both protocols that costs as little as can be: it writes frames that were made in advance, many of them at once, past `ws`. A
 * process of its own, so that what it does is not measured; it ends with the process that started it. By HTTP it is asked for the rest.
 */
const streams = new Set<Duplex>();
const loop = frameLoops();
const gates = createGates();
const http = createServer(({ url = '' }, response) => {
  const { searchParams } = new URL(url, 'http://127.0.0.1');
  const asked = searchParams.get('asked') as Asked;
  if (asked === 'drop') for (const stream of streams) stream.destroy();
  else gates[asked](searchParams.get('gate') ?? '');
  const done: Done = { at: performance.timeOrigin + performance.now() };
  response.end(JSON.stringify(done));
});
const upgrader = new WebSocketServer({
  noServer: true,
  handleProtocols: (offered) =>
    ['graphql-transport-ws', 'graphql-ws'].find((name) => offered.has(name)) ?? false,
});

http.on('upgrade', (request, stream, head) => {
  upgrader.handleUpgrade(request, stream, head, (socket) => {
    streams.add(stream);
    socket.on('error', () => {});
    socket.on('close', () => streams.delete(stream));
    const receive = serveClient(stream, wordsOf(socket.protocol), loop, gates);
    socket.on('message', (data: Buffer) => {
      receive(data.toString());
    });
  });
});
http.listen(0, '127.0.0.1');
await once(http, 'listening');
const { port } = http.address() as AddressInfo;
process.once('disconnect', () => process.exit());
process.send?.({ url: `ws://127.0.0.1:${port}/graphql` });
