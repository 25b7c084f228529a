import { EventEmitter, once } from 'node:events';
import { setTimeout as delay } from 'node:timers/promises';
import { clients } from '../clients/clients.js';
import { sequenceReader } from '../result.js';
import type { TakeSample } from '../task.js';
import { residentSet, startMeter } from './meter.js';

/** Many operations on one socket get results in turn, as fast as the client takes them. */
export const manyOperations: TakeSample = async (task) => {
  const { client: name, url, legacy = false, feed, count = 1, warmUp, measure } = task;
  const client = (await clients[name]())({ url, legacy });
  const read = sequenceReader(feed.size);
  const begun = new EventEmitter();
  const counts = new Uint32Array(count);
  let results = 0;
  let astray = 0;
  for (let n = 0; n < count; n += 1) {
    let last = n - count;
    client.subscribe({ ...feed, operations: count }, 'all', {
      next(data) {
        const number = read(data);
        // of this operation is every count-th, and after the last of the loop the first
        if (number !== last + count && number !== n) astray += 1;
        if (results === 0) begun.emit('result');
        last = number;
        results += 1;
        counts[n]! += 1;
      },
      complete: () => {},
    });
  }
  await once(begun, 'result');
  await delay(warmUp);
  const before = results;
  const meter = startMeter();
  await delay(measure);
  const { ms, cpu, busy } = meter();
  const measured = results - before;
  if (astray > 0) throw new Error(`${astray} results were lost, or came to another operation`);
  expectRounds(counts);
  return {
    rate: (measured * 1_000) / ms,
    cpu: cpu / measured,
    busy,
    resident: residentSet(),
    results: measured,
  };
};

/**
 * Results come in rounds: nobody can be further on than the rest by more than the one that is under way.
 *
 * @throws Error - an operation has none, or fewer
 */
function expectRounds(counts: Uint32Array): void {
  const [least, most] = [
    counts.reduce((a, b) => Math.min(a, b)),
    counts.reduce((a, b) => Math.max(a, b)),
  ];
  if (least === 0 || most - least > 1)
    throw new Error(`one operation has ${least} results, and another ${most}`);
}
