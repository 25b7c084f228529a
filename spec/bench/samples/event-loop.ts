import { monitorEventLoopDelay } from 'node:perf_hooks';
import { slope } from '../../helpers/measure/statistics.js';
import type { TakeSample } from '../task.js';
import { takePaced } from './paced.js';

/** ms between two looks at the resident set. */
const look = 50;

/** For how long results keep the event loop from the rest, and what the resident set does meanwhile. */
export const eventLoop: TakeSample = async (task) => {
  const histogram = monitorEventLoopDelay({ resolution: 1 });
  const residents: (readonly [second: number, bytes: number])[] = [];
  let looking: NodeJS.Timeout | undefined;
  const { results } = await takePaced(task, undefined, () => {
    looking = setInterval(
      () => residents.push([performance.now() / 1_000, process.memoryUsage.rss()]),
      look,
    );
    histogram.enable();
  });
  histogram.disable();
  clearInterval(looking);
  return {
    p50: histogram.percentile(50) / 1e6,
    p99: histogram.percentile(99) / 1e6,
    longest: histogram.max / 1e6,
    slope: residents.length < 2 ? 0 : slope(residents) / 2 ** 20,
    results,
  };
};
