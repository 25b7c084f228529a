import { setTimeout as delay } from 'node:timers/promises';
import { clients } from '../clients/clients.js';
import { leastIn } from '../feed.js';
import type { TakeSample } from '../task.js';
import { expectEnough, expectInOrder, until } from './expect-results.js';
import { startMeter } from './meter.js';
import { sequenceOf } from './sequence.js';

/** Many sockets with one operation each get results at a pace. */
export const manySockets: TakeSample = async (task) => {
  const { client: name, url, legacy = false, feed, count = 1, warmUp, measure } = task;
  const connect = await clients[name]();
  const sequences = Array.from({ length: count }, () => {
    const sequence = sequenceOf(feed.size, 'straight');
    connect({ url, legacy }).subscribe(feed, 'all', { next: sequence.note, complete: () => {} });
    return sequence;
  });
  await until(() => sequences.every((one) => one.count > 0), 'a result on every socket');
  await delay(warmUp);
  const before = sequences.map((one) => one.count);
  const meter = startMeter();
  await delay(measure);
  const { cpu } = meter();
  const counts = sequences.map((one, n) => one.count - before[n]!);
  const results = counts.reduce((total, one) => total + one, 0);
  sequences.forEach(expectInOrder);
  expectEnough(Math.min(...counts), leastIn(measure, feed));
  return { cpu: cpu / results, results };
};
