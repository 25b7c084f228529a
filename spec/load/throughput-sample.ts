import { usedHeap } from '../helpers/measure/heap.js';
import { loadClients } from './load-client.js';

/** What many results of one operation cost. */
export interface ThroughputSample {
  /** Results in a second. */
  readonly rate: number;
  /** The greatest deviation of the heap from where it was after a tenth of them, in bytes. */
  readonly deviation: number;
}

const [name = '', url = '', total = ''] = process.argv.slice(2);
const results = Number(total);
const heap = new Float64Array(10);
const client = loadClients[name]!(url);

const startedAt = performance.now();
await new Promise<void>((resolve) => {
  let had = 0;
  client.subscribe({ results }, () => {
    had += 1;
    if (had % (results / 10) === 0) heap[had / (results / 10) - 1] = usedHeap();
    if (had === results) resolve();
  });
});
const seconds = (performance.now() - startedAt) / 1_000;
const deviations = [...heap].map((bytes) => Math.abs(bytes - heap[0]!));
const sample: ThroughputSample = { rate: results / seconds, deviation: Math.max(...deviations) };
process.send?.(sample, () => process.exit());
