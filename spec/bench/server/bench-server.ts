import { messageFrame } from '../../helpers/net/frame.js';
import { upgradeServer } from '../../helpers/net/upgrade-server.js';
import type { Asked, Counts, Done } from '../feed.js';
import { frameLoops } from './frame-loop.js';
import { createGates } from './gates.js';
import { serveClient } from './serve-client.js';
import { wordsOf } from './words.js';

/**
 * A server of both protocols that costs as little as can be: it writes frames that were made in advance, many of them at once, past `ws`. A
 * process of its own, so that what it does is not measured; it ends with the process that started it. By HTTP it is asked for the rest.
 */
const counts: Counts = { opened: 0, closedWith1000: 0, subscribed: 0, completed: 0 };
const ids: string[] = [];
const loop = frameLoops();
const gates = createGates();
const obey = (asked: Asked, gate: string) => {
  if (asked === 'drop') for (const stream of streams) stream.destroy();
  else if (asked === 'haunt') {
    const late = ids.map((id) => messageFrame({ id, type: 'next', payload: { data: {} } }));
    for (const stream of streams) stream.write(Buffer.concat(late));
  } else if (asked !== 'count') gates[asked](gate);
};
const { url, streams } = await upgradeServer(
  (socket, stream) => {
    counts.opened += 1;
    socket.on('close', (code) => {
      if (code === 1000) counts.closedWith1000 += 1;
    });
    const receive = serveClient(stream, wordsOf(socket.protocol), loop, gates);
    socket.on('message', (data: Buffer) => {
      const { type, id } = receive(data.toString());
      if (type === 'complete') counts.completed += 1;
      if (type !== 'subscribe') return;
      counts.subscribed += 1;
      ids.push(id);
    });
  },
  {
    onRequest({ url: path = '' }, response) {
      const { searchParams } = new URL(path, 'http://127.0.0.1');
      obey(searchParams.get('asked') as Asked, searchParams.get('gate') ?? '');
      const done: Done = { at: performance.timeOrigin + performance.now(), ...counts };
      response.end(JSON.stringify(done));
    },
  },
);
process.once('disconnect', () => process.exit());
process.send?.({ url });
