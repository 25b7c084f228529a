import { settledHeap } from '../../helpers/measure/heap.js';
import { clients } from '../clients/clients.js';
import type { BenchClient } from '../clients/bench-client.js';
import type { FeedVariables } from '../feed.js';
import type { TakeSample } from '../task.js';

/** Bytes for each of many operations that have had a result, or as many as the feed says, and wait for the next. */
export const heapPerOperation: TakeSample = async (task) => {
  const { client: name, url, legacy = false, feed, count = 1 } = task;
  const client = (await clients[name]())({ url, legacy });
  // what the first ones allocate is not theirs: the connection, the code
  await subscribe(client, feed, Math.min(count, 200));
  const before = await settledHeap();
  await subscribe(client, feed, count);
  return { heap: ((await settledHeap()) - before) / count, results: count };
};

/** Starts operations; resolves when each has its result. */
function subscribe(client: BenchClient, feed: FeedVariables, count: number): Promise<void> {
  return new Promise((resolve) => {
    const { results: each = 1 } = feed;
    let missing = count * each;
    // one for all of them: what the user keeps is not measured
    const results = {
      next() {
        if ((missing -= 1) === 0) resolve();
      },
      complete: () => {},
    };
    const variables = { ...feed, results: each, stays: true };
    for (let n = 0; n < count; n += 1) client.subscribe(variables, 'all', results);
  });
}
