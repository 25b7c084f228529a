import { clients } from '../clients/clients.js';
import { quantile } from '../../helpers/measure/statistics.js';
import type { WarmUp } from '../task.js';
import { startMeter, total, type Reading } from './meter.js';

/** One mutation after another, each sent when the one before was answered. */
export const mutations: WarmUp = async (task) => {
  const { client: name, url, legacy = false, feed, count = 1, warmUp, measure } = task;
  const client = (await clients[name]())({ url, legacy, lingers: true });
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
  while (performance.now() < warm || sent < count) await once();
  const all: number[] = [];
  const readings: Reading[] = [];
  return {
    async slice() {
      const times: number[] = [];
      const meter = startMeter();
      const until = performance.now() + measure;
      do {
        const at = performance.now();
        await once();
        times.push(performance.now() - at);
      } while (performance.now() < until);
      const reading = meter();
      if (answered !== sent) throw new Error(`${answered} results of ${sent} mutations`);
      readings.push(reading);
      all.push(...times);
      return { p50: quantile(times, 0.5) * 1_000, cpu: reading.cpu / times.length };
    },
    end: () => ({
      p50: quantile(all, 0.5) * 1_000,
      p99: quantile(all, 0.99) * 1_000,
      cpu: total(readings).cpu / all.length,
      results: all.length,
    }),
  };
};
