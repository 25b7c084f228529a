import { clients } from '../clients/clients.js';
import type { BenchClient, Mode } from '../clients/bench-client.js';
import { roundsOf, type FeedVariables } from '../feed.js';
import type { TakeSample } from '../task.js';
import { startMeter } from './meter.js';
import { sequenceOf } from './sequence.js';

/** One operation at a time gets results as fast as it takes them, until the server completes it. */
export const throughput: TakeSample = async (task) => {
  const { client: name, url, legacy = false, mode = 'all', feed, warmUp, measure } = task;
  const client = (await clients[name]())({ url, legacy });
  const { repeat = 1 } = feed;
  const until = performance.now() + warmUp;
  let results = 4 * repeat;
  let last = await run(client, mode, { ...feed, results });
  // by the processor: a short run of `auditTime(16)` waits for most of its time, and does not tell how many results another needs
  while (performance.now() < until || last.cpu < warmUp * 250) {
    if (last.cpu < warmUp * 250) results *= 4;
    last = await run(client, mode, { ...feed, results });
  }
  results = Math.max(Math.ceil((results / last.cpu) * measure * 1_000), 2 * repeat);
  results = Math.ceil(results / repeat) * repeat;
  const { ms, cpu, busy, handled } = await run(client, mode, { ...feed, results });
  return { rate: (results * 1_000) / ms, cpu: cpu / results, busy, results, handled };
};

function run(client: BenchClient, mode: Mode, feed: FeedVariables & { readonly results: number }) {
  const { size, results, repeat = 1 } = feed;
  const lastOfAll = Math.floor(((results - 1) % roundsOf(feed)) / repeat);
  const sequence = sequenceOf(size, mode === 'audit' ? 'none' : 'looped');
  const expected = { all: results, audit: results, distinct: results / repeat, undecoded: 0 }[mode];
  return new Promise<ReturnType<ReturnType<typeof startMeter>> & { handled: number }>(
    (resolve, reject) => {
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
    },
  );
}
