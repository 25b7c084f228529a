import { setTimeout as delay } from 'node:timers/promises';
import { concatMap, timer } from 'rxjs';
import { concatMapBounded, graphqlSocket } from 'rx-graphql-ws';
import { fail } from '../clients/bench-client.js';
import { subscription } from '../feed.js';
import type { TakeSample } from '../task.js';
import { sequenceOf } from './sequence.js';

/** ms that the consumer takes for each result. */
const handling = 50;
/** How many may wait for it. */
const capacity = 8;

/** A consumer that is slower than the feed pauses the socket, or lets wait what waits: what memory that takes, and what is lost. */
export const slowConsumer: TakeSample = async ({ url, feed, unbounded, warmUp, measure }) => {
  const socket = graphqlSocket({ url });
  const sequence = sequenceOf(feed.size);
  let dropped = 0;
  const handle = (data: unknown) => {
    sequence.note(data);
    return timer(handling);
  };
  const count = () => {
    dropped += 1;
  };
  socket
    .subscribe$({ query: subscription, variables: feed })
    .pipe(
      unbounded
        ? concatMap(handle)
        : concatMapBounded(handle, { capacity, overflow: 'pause', socket, dropped: count }),
    )
    .subscribe({ error: fail });
  while (sequence.count === 0) await delay(1);
  await delay(warmUp);
  const before = sequence.count;
  const { rss } = process.memoryUsage();
  let greatest = rss;
  const until = performance.now() + measure;
  while (performance.now() < until) {
    greatest = Math.max(greatest, process.memoryUsage.rss());
    await delay(100);
  }
  return {
    growth: (greatest - rss) / 2 ** 20,
    lost: sequence.astray + dropped,
    results: sequence.count - before,
  };
};
