import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Duplex } from 'node:stream';
import { WebSocketServer } from 'ws';
import { frame } from '../../helpers/net/frame.js';
import type { FeedCommand, FeedCounts } from './feed-messages.js';
import { serveFeed } from './serve-feed.js';

/**
 * A server of graphql-transport-ws that costs as little as can be: it writes frames that were made in advance, many of them at once. A
 * process of its own, so that what it does is not measured; it ends with the process that started it.
 */
const counts: FeedCounts = { opened: 0, closedWith1000: 0, subscribed: 0, completed: 0 };
const ids: string[] = [];
const streams = new Set<Duplex>();
const http = createServer();
const upgrader = new WebSocketServer({ noServer: true });

http.on('upgrade', (request, stream, head) => {
  upgrader.handleUpgrade(request, stream, head, (socket) => {
    counts.opened += 1;
    streams.add(stream);
    socket.on('error', () => {});
    socket.on('close', (code) => {
      streams.delete(stream);
      if (code === 1000) counts.closedWith1000 += 1;
    });
    const receive = serveFeed(stream, counts, ids);
    socket.on('message', (data: Buffer) => {
      receive(data.toString());
    });
  });
});
http.listen(0, '127.0.0.1');
await once(http, 'listening');
const { port } = http.address() as AddressInfo;

process.on('message', ({ command }: FeedCommand) => {
  if (command === 'drop') for (const stream of streams) stream.destroy();
  if (command === 'haunt') {
    const late = ids.map((id) => frame(`{"id":"${id}","type":"next","payload":{"data":{}}}`));
    for (const stream of streams) stream.write(Buffer.concat(late));
  }
  process.send?.({ ...counts });
});
process.once('disconnect', () => process.exit());
process.send?.({ url: `ws://127.0.0.1:${port}/graphql` });
