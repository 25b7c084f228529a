import { EventEmitter, once } from 'node:events';
import { setTimeout as delay } from 'node:timers/promises';
import { graphqlSocket } from 'rx-graphql-ws';
import { fail } from '../clients/bench-client.js';
import { subscription } from '../feed.js';
import type { TakeSample } from '../task.js';
import { startMeter } from './meter.js';
import { sequenceOf } from './sequence.js';

/** Many subscribers of one operation that is shared: what one of its results costs. */
export const sharedOperation: TakeSample = async ({ url, feed, count = 1, warmUp, measure }) => {
  const socket = graphqlSocket({ url });
  const request = { query: subscription, variables: feed };
  const first = sequenceOf(feed.size);
  const begun = new EventEmitter();
  let handled = 0;
  for (let n = 0; n < count; n += 1)
    socket.subscribe$(request, { share: true }).subscribe({
      next(data) {
        if (handled === 0) begun.emit('result');
        handled += 1;
        if (n === 0) first.note(data);
      },
      error: fail,
    });
  await once(begun, 'result');
  await delay(warmUp);
  const before = { results: first.count, handled };
  const meter = startMeter();
  await delay(measure);
  const { ms, cpu, busy } = meter();
  const results = first.count - before.results;
  const each = (handled - before.handled) / count;
  if (each !== results || first.astray > 0)
    throw new Error(`${results} results, ${each} for each, ${first.astray} astray`);
  return { rate: (results * 1_000) / ms, cpu: cpu / results, busy, results };
};
