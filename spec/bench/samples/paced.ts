import { setTimeout as delay } from 'node:timers/promises';
import { clients } from '../clients/clients.js';
import { leastIn } from '../feed.js';
import type { PlacedTask, TakeSample } from '../task.js';
import { expectEnough, expectInOrder, until } from './expect-results.js';
import { startMeter, type Reading } from './meter.js';
import { sequenceOf } from './sequence.js';

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
