import { clients } from '../clients/clients.js';
import { median } from '../../helpers/measure/statistics.js';
import type { WarmUp } from '../task.js';

/** From the creation of a client to the first result of its first operation: the first in this process, and of those after the warm-up. */
export const firstResult: WarmUp = async (task) => {
  const { client: name, url, legacy = false, feed, count = 1, warmUp, measure } = task;
  const connect = await clients[name]();
  const once = () =>
    new Promise<number>((resolve) => {
      const at = performance.now();
      const client = connect({ url, legacy });
      const results = {
        next() {
          resolve(performance.now() - at);
        },
        complete() {
          client.close();
        },
      };
      client.subscribe({ ...feed, results: 1 }, 'all', results);
    });
  const cold = await once();
  const warm = performance.now() + warmUp;
  for (let n = 1; n < count || performance.now() < warm; n += 1) await once();
  const all: number[] = [];
  return {
    async slice() {
      const times: number[] = [];
      const until = performance.now() + measure;
      do times.push(await once());
      while (performance.now() < until);
      all.push(...times);
      return { warm: median(times) };
    },
    end: () => ({ cold, warm: median(all), results: all.length }),
  };
};
