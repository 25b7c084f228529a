import type { Task } from './task.js';

/** The same, so small that all of them take seconds: what is measured tells nothing, what is counted is the same. */
export function shrink(task: Task): Task {
  const { feed, count, sample } = task;
  return {
    ...task,
    ...(count !== undefined && { count: Math.min(count, 30) }),
    feed: {
      ...feed,
      size: Math.min(feed.size, 1_000),
      ...(feed.rate !== undefined && { rate: 200 }),
    },
    warmUp: 20,
    measure: sample === 'slow-consumer' ? 300 : 40,
  };
}
