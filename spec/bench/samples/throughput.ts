import { sum } from '../../helpers/measure/statistics.js';
import { clients } from '../clients/clients.js';
import type { BenchClient, Mode } from '../clients/bench-client.js';
import { roundsOf, type FeedVariables } from '../feed.js';
import type { WarmUp } from '../task.js';
import { startMeter, total, type Reading } from './meter.js';
import { sequenceOf } from './sequence.js';

interface Run extends Reading {
  readonly handled: number;
}

/** One operation at a time gets results as fast as it takes them, until the server completes it. */
export const throughput: WarmUp = async (task) => {
  const { client: name, url, legacy = false, mode = 'all', feed, warmUp, measure } = task;
  const client = (await clients[name]())({ url, legacy, lingers: true });
  const { repeat = 1 } = feed;
  let results = 4 * repeat;
  let last = await run(client, mode, { ...feed, results });
  // by the processor: a short run of `auditTime(16)` waits for most of its time
  for (let taken = 0; taken < warmUp * 1_000; taken += last.cpu) {
    if (last.cpu < measure * 500) results *= 2;
    last = await run(client, mode, { ...feed, results });
  }
  results = Math.max(Math.ceil((results / last.cpu) * measure * 1_000), 2 * repeat);
  results = Math.ceil(results / repeat) * repeat;
  const runs: Run[] = [];
  return {
    async slice() {
      const one = await run(client, mode, { ...feed, results });
      runs.push(one);
      return { rate: (results * 1_000) / one.ms, cpu: one.cpu / results };
    },
    end() {
      const { ms, cpu, busy } = total(runs);
      const all = results * runs.length;
      const handled = sum(runs.map((one) => one.handled));
      return { rate: (all * 1_000) / ms, cpu: cpu / all, busy, results: all, handled };
    },
  };
};

function run(client: BenchClient, mode: Mode, feed: FeedVariables & { readonly results: number }) {
  const { size, results, repeat = 1 } = feed;
  const lastOfAll = Math.floor(((results - 1) % roundsOf(feed)) / repeat);
  const sequence = sequenceOf(size, mode === 'audit' ? 'none' : 'looped');
  const expected = { all: results, audit: results, distinct: results / repeat, undecoded: 0 }[mode];
  return new Promise<Run>((resolve, reject) => {
    const read = startMeter();
    client.subscribe(feed, mode, {
      next: sequence.note,
      complete() {
        const { count: handled, last, astray } = sequence;
        const complete = mode === 'audit' || handled === expected;
        if (!complete || astray > 0 || (mode !== 'undecoded' && last !== lastOfAll))
          reject(
            new Error(`${handled} of ${expected} results, the last ${last}, ${astray} astray`),
          );
        else resolve({ ...read(), handled });
      },
    });
  });
}
