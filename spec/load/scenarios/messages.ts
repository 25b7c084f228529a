import { graphqlSocket } from 'rx-graphql-ws';
import { usedHeap } from '../../helpers/measure/heap.js';
import { figure, mebibyte, type Scenario } from '../figure.js';
import { asking, startFeed } from '../start-feed.js';

/** A million results of one operation. The bench compares their rate. */
export const messages: Scenario = async ({ short }) => {
  const results = short ? 50_000 : 1_000_000;
  const feed = await startFeed();
  const socket = graphqlSocket({ url: feed.url });
  const heap = new Float64Array(10);
  await new Promise<void>((resolve) => {
    let had = 0;
    socket.subscribe$(asking(results)).subscribe(() => {
      had += 1;
      if (had % (results / 10) === 0) heap[had / (results / 10) - 1] = usedHeap();
      if (had === results) resolve();
    });
  });
  socket.close();
  await feed.stop();
  const greatest = Math.max(...heap.map((bytes) => Math.abs(bytes - heap[0]!)));
  const what = `${results} messages: heap, greatest deviation from that after a tenth of them`;
  return [figure(what, greatest / mebibyte, 'MiB', 2)];
};
