import { setTimeout as delay } from 'node:timers/promises';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { clients } from '../clients/clients.js';
import { leastIn } from '../feed.js';
import type { PlacedTask, TakeSample } from '../task.js';
import { expectEnough, expectInOrder, until } from './expect-results.js';
import { type Reading, startMeter } from './meter.js';
import { sequenceOf } from './sequence.js';
import { quantile, slope } from '../../helpers/measure/statistics.js';
import { ageOf } from '../result.js';

/** How old results are when they are handled: µs since the server wrote them. */
export const latency: TakeSample = async (task) => {
  const ages: number[] = [];
  const { results } = await takePaced(task, (data) => ages.push(ageOf(data)));
  return { p50: quantile(ages, 0.5), p99: quantile(ages, 0.99), results };
};

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

interface Handled extends Reading {
  readonly results: number;
}

/** One operation gets results at the pace of a real feed: the processor that each takes. */
export const paced: TakeSample = async (task) => {
  const { cpu, results } = await takePaced(task);
  return { cpu: cpu / results, results };
};

/** The processor that a feed takes which hardly has results: keep-alives and clocks. */
export const quiet: TakeSample = async (task) => {
  const { cpu, ms, results } = await takePaced(task);
  return { perSecond: (cpu * 1_000) / ms, results };
};

/** Handles results for as long as a task says. `note` sees each of those that are measured. */
export async function takePaced(
  { client: name, url, legacy = false, feed, warmUp, measure }: PlacedTask,
  note?: (data: unknown) => void,
  begin?: () => void,
): Promise<Handled> {
  const client = (await clients[name]())({ url, legacy });
  const sequence = sequenceOf(feed.size, 'straight');
  let measuring = false;
  client.subscribe(feed, 'all', {
    next(data) {
      sequence.note(data);
      if (measuring) note?.(data);
    },
    complete: () => {},
  });
  await until(() => sequence.count > 0, 'the first result');
  await delay(warmUp);
  begin?.();
  const before = sequence.count;
  measuring = true;
  const meter = startMeter();
  await delay(measure);
  const reading = meter();
  measuring = false;
  const results = sequence.count - before;
  expectEnough(results, leastIn(measure, feed));
  expectInOrder(sequence);
  return { ...reading, results };
}
