import { setTimeout as delay } from 'node:timers/promises';
import { settledHeap } from '../helpers/measure/heap.js';
import { end, loadClients, type LoadClient } from './load-client.js';

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

const results = 3;

const [name = '', url = '', total = ''] = process.argv.slice(2);
const client = loadClients[name]!(url);
process.send?.(await sample(client, Number(total)), () => process.exit());

async function sample(measured: LoadClient, count: number): Promise<OperationsSample> {
  const left = new Array<ReturnType<LoadClient['subscribe']> | undefined>(count).fill(undefined);
  // the connection is there before, and after
  await run(measured, 1, new Array<undefined>(1));
  const warm = new Array<(typeof left)[number]>(200);
  await run(measured, 200, warm);
  for (const running of warm.splice(0)) end(running);
  await delay(50);

  const before = await settledHeap();
  const { time, cpu } = await run(measured, count, left);
  const during = await settledHeap();
  const stoppedAt = performance.now();
  for (let n = 0; n < count; n += 1) {
    end(left[n]);
    left[n] = undefined;
  }
  const stopping = performance.now() - stoppedAt;
  await delay(200);
  const after = await settledHeap();
  return {
    time,
    cpu,
    heap: (during - before) / count,
    stopping,
    residue: (after - before) / count,
  };
}

/** Starts them all in one tick; resolves when each has its results. */
async function run(measured: LoadClient, count: number, into: unknown[]) {
  const startedAt = performance.now();
  const cpuBefore = process.cpuUsage();
  await new Promise<void>((resolve) => {
    let missing = count;
    for (let n = 0; n < count; n += 1) {
      let had = 0;
      into[n] = measured.subscribe({ results }, () => {
        had += 1;
        if (had === results && (missing -= 1) === 0) resolve();
      });
    }
  });
  const { user, system } = process.cpuUsage(cpuBefore);
  return { time: performance.now() - startedAt, cpu: (user + system) / 1_000 };
}
