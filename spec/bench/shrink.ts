import type { Task } from './task.js';

/** The same, so small that all of them take seconds: what is measured tells nothing, what is counted is the same. */
export function shrink(task: Task): Task {
  const { feed, count, sample } = task;
  const { sizes, ...sized } = feed;
  const { keepAlive, rate } = sized;
  return {
    ...task,
    ...(count !== undefined && { count: Math.min(count, 30) }),
    feed: {
      ...sized,
      size: Math.min(feed.size, 1_000),
      ...(sizes && sample === 'latency' && { sizes: [1_000, 2_000] }),
      ...(keepAlive !== undefined && { keepAlive: 10 }),
      ...(rate !== undefined && { rate: 200 }),
    },
    warmUp: 20,
    measure: measureOf(sample, rate !== undefined),
  };
}

/** ms. What waits for a slow consumer must be handled again and again; what has a pace must have some results. */
function measureOf(sample: Task['sample'], paced: boolean): number {
  if (sample === 'slow-consumer') return 800;
  return paced ? 100 : 40;
}
