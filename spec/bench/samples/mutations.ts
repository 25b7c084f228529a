import { clients } from '../clients/clients.js';
import { quantile } from '../../helpers/measure/statistics.js';
import type { TakeSample } from '../task.js';
import { startMeter } from './meter.js';

/** One mutation after another, each sent when the one before was answered. */
export const mutations: TakeSample = async (task) => {
  const { client: name, url, legacy = false, feed, warmUp, measure } = task;
  const client = (await clients[name]())({ url, legacy });
  let sent = 0;
  let answered = 0;
  const once = () =>
    new Promise<void>((resolve) => {
      sent += 1;
      client.mutate(feed, {
        next() {
          answered += 1;
          resolve();
        },
        complete: () => {},
      });
    });
  const warm = performance.now() + warmUp;
  do await once();
  while (performance.now() < warm);
  const times: number[] = [];
  const meter = startMeter();
  const until = performance.now() + measure;
  do {
    const at = performance.now();
    await once();
    times.push(performance.now() - at);
  } while (performance.now() < until);
  const { cpu } = meter();
  if (answered !== sent) throw new Error(`${answered} results of ${sent} mutations`);
  return {
    p50: quantile(times, 0.5) * 1_000,
    p99: quantile(times, 0.99) * 1_000,
    cpu: cpu / times.length,
    results: times.length,
  };
};
