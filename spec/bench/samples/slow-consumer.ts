import { setTimeout as delay } from 'node:timers/promises';
import { concatMap, tap, timer } from 'rxjs';
import { concatMapBounded, graphqlSocket } from 'rx-graphql-ws';
import { fail } from '../clients/bench-client.js';
import { subscription } from '../feed.js';
import type { PlacedTask, TakeSample } from '../task.js';
import { expectEnough, expectInOrder, until } from './expect-results.js';
import { sequenceOf } from './sequence.js';

/** ms that the consumer takes for each result. */
const handling = 50;
/** How many may wait for it. */
const capacity = 8;

/**
 * A consumer that is slower than the feed pauses the socket, or lets wait what waits: what memory that takes, and what is lost. It must be at work
 * all the time: where nothing comes, nothing grows.
 */
export const slowConsumer: TakeSample = async (task) => {
  const { unbounded, warmUp, measure } = task;
  const { arrived, handled, dropped } = consume(task);
  await until(() => handled.count > 0, 'the first result');
  const atFirst = process.memoryUsage.rss();
  const first = await greatestRss(warmUp);
  const settled = process.memoryUsage.rss();
  const before = handled.count;
  const greatest = await greatestRss(measure);
  const results = handled.count - before;
  const due = (warmUp + measure) / handling;
  expectEnough(handled.count, due);
  if (handled.count > due * 1.1 + 2)
    throw new Error(`${handled.count} results, where a slow consumer handles ${due}`);
  // what has come so far must be handled as well; without a bound that is half a minute's work
  const { last } = arrived;
  if (!unbounded) await until(() => handled.last >= last, `result ${last}, which had come`);
  expectInOrder(arrived);
  return {
    growth: (greatest - settled) / 2 ** 20,
    growthOfAll: (Math.max(first, greatest) - atFirst) / 2 ** 20,
    lost: handled.astray + dropped(),
    results,
  };
};

function consume({ url, feed, unbounded }: PlacedTask) {
  const socket = graphqlSocket({ url });
  const arrived = sequenceOf(feed.size, 'straight');
  const handled = sequenceOf(feed.size, 'straight');
  let dropped = 0;
  const handle = (data: unknown) => {
    handled.note(data);
    return timer(handling);
  };
  const count = () => {
    dropped += 1;
  };
  socket
    .subscribe$({ query: subscription, variables: feed })
    .pipe(
      tap(arrived.note),
      unbounded
        ? concatMap(handle)
        : concatMapBounded(handle, { capacity, overflow: 'pause', socket, dropped: count }),
    )
    .subscribe({ error: fail });
  return { arrived, handled, dropped: () => dropped };
}

async function greatestRss(ms: number): Promise<number> {
  let greatest = process.memoryUsage.rss();
  for (const end = performance.now() + ms; performance.now() < end;) {
    await delay(Math.min(100, ms));
    greatest = Math.max(greatest, process.memoryUsage.rss());
  }
  return greatest;
}
