import { monitorEventLoopDelay } from 'node:perf_hooks';
import { setTimeout as delay } from 'node:timers/promises';
import { clients } from '../clients/clients.js';
import type { TakeSample } from '../task.js';
import { startMeter } from './meter.js';
import { sequenceOf } from './sequence.js';

/** One operation gets results at the pace of a real feed: what they cost, and for how long each keeps the event loop from the rest. */
export const paced: TakeSample = async (task) => {
  const { client: name, url, legacy = false, feed, warmUp, measure } = task;
  const client = (await clients[name]())({ url, legacy });
  const sequence = sequenceOf(feed.size);
  client.subscribe(feed, 'all', { next: sequence.note, complete: () => {} });
  while (sequence.count === 0) await delay(1);
  await delay(warmUp);
  const before = sequence.count;
  const meter = startMeter();
  await delay(measure);
  const { cpu } = meter();
  const results = sequence.count - before;
  // afterwards: its timer costs more than a quiet feed
  const histogram = monitorEventLoopDelay({ resolution: 1 });
  histogram.enable();
  await delay(measure);
  histogram.disable();
  if (sequence.astray > 0) throw new Error(`${sequence.astray} results were lost`);
  return {
    cpu: cpu / results,
    p50: histogram.percentile(50) / 1e6,
    p99: histogram.percentile(99) / 1e6,
    longest: histogram.max / 1e6,
    results,
  };
};
