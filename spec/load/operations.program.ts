import { setTimeout as delay } from 'node:timers/promises';
import { clients, type ClientName } from '../bench/clients/clients.js';
import { settledHeap } from '../helpers/measure/heap.js';

/** What many operations on one socket cost. */
export interface OperationsSample {
  /** ms until each has three results. */
  readonly time: number;
  /** ms of the processor meanwhile. */
  readonly cpu: number;
  /** Bytes for each while they run. */
  readonly heap: number;
  /** ms that unsubscribing all of them takes, in one tick. */
  readonly stopping: number;
  /** Bytes for each afterwards. */
  readonly residue: number;
}

type Leave = (() => void) | undefined;

const feed = { size: 100, results: 3, stays: true };
const [name = '', url = '', total = ''] = process.argv.slice(2);
const client = (await clients[name as ClientName]())({ url, legacy: false });
process.send?.(await sample(Number(total)), () => process.exit());

async function sample(count: number): Promise<OperationsSample> {
  // the connection is there before, and after; the arrays are not part of what is measured
  await run(1, [undefined]);
  const warm = new Array<Leave>(200).fill(undefined);
  await run(200, warm);
  for (const leave of warm.splice(0)) leave?.();
  await delay(50);

  const leaves = new Array<Leave>(count).fill(undefined);
  const before = await settledHeap();
  const { time, cpu } = await run(count, leaves);
  const during = await settledHeap();
  const stoppedAt = performance.now();
  for (let n = 0; n < count; n += 1) {
    leaves[n]?.();
    leaves[n] = undefined;
  }
  const stopping = performance.now() - stoppedAt;
  await delay(200);
  const after = await settledHeap();
  const [heap, residue] = [(during - before) / count, (after - before) / count];
  return { time, cpu, heap, stopping, residue };
}

/** Starts them all in one tick; resolves when each has its results. */
async function run(count: number, into: Leave[]) {
  const startedAt = performance.now();
  const cpuBefore = process.cpuUsage();
  await new Promise<void>((resolve) => {
    let missing = count;
    for (let n = 0; n < count; n += 1) {
      let had = 0;
      const next = () => {
        had += 1;
        if (had === feed.results && (missing -= 1) === 0) resolve();
      };
      into[n] = client.subscribe(feed, 'all', { next, complete: () => undefined });
    }
  });
  const { user, system } = process.cpuUsage(cpuBefore);
  return { time: performance.now() - startedAt, cpu: (user + system) / 1_000 };
}
