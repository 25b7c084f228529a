import { fail } from '../clients/bench-client.js';
import { clients } from '../clients/clients.js';
import type { TakeSample } from '../task.js';
import { askServer } from '../ask-server.js';
import { startMeter } from './meter.js';

/** The last is measured. After three dials in a row ours would make the next wait for a second: a drop now and then does not meet that. */
const drops = 2;

/** From the drop of a connection to the first result that the last of its operations has on the next one. */
export const restore: TakeSample = async (task) => {
  const { client: name, url, legacy = false, feed, count = 1 } = task;
  const client = (await clients[name]())({ url, legacy });
  let missing = new Set<number>();
  let all: () => void = () => {};
  const expectAll = () =>
    new Promise<number>((resolve) => {
      missing = new Set(Array.from({ length: count }, (_, n) => n));
      all = () => resolve(performance.timeOrigin + performance.now());
    });
  const results = (n: number) => ({
    next() {
      if (!missing.delete(n)) fail(new Error(`operation ${n} has a result too many`));
      if (missing.size === 0) all();
    },
    complete: () => {},
  });
  const started = expectAll();
  for (let n = 0; n < count; n += 1)
    client.subscribe({ ...feed, results: 1, stays: true }, 'all', results(n));
  await started;
  let sample = { ms: 0, cpu: 0, busy: 0, results: 0 };
  for (let drop = 0; drop < drops; drop += 1) {
    const meter = startMeter();
    const restored = expectAll();
    const { at } = await askServer(url, 'drop');
    const ms = (await restored) - at;
    sample = { ...meter(), ms, results: count };
  }
  return sample;
};
