import { expect } from 'chai';
import { after, before, describe, it } from 'mocha';
import { runWorkload } from './run-workload.js';
import { type Bench, startBench, type StartSubject } from './start-bench.js';
import type { Sample, Task } from './task.js';
import { workloads } from './workloads.js';

/** The same, so small that all of them take seconds: what is measured tells nothing, what is counted is the same. */
function shrink(task: Task): Task {
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

/** A sample fails by itself where a result is lost, comes twice, out of turn or to another operation. */
describe('The bench', function () {
  this.timeout(60_000);
  let bench: Bench;
  before(async () => {
    bench = await startBench();
  });
  after(() => bench.stop());

  const taken = new Map<string, Promise<Sample>>();
  /** Many tasks are the same when they are small. */
  const start: StartSubject = (task, flags) => {
    const small = shrink(task);
    const key = JSON.stringify(small);
    const known = taken.get(key);
    const done = () => Promise.resolve();
    if (known) return { warm: done, slice: () => known, end: () => known, stop: done };
    const subject = bench.start(small, flags);
    const end = () => {
      const sample = subject.end();
      taken.set(key, sample);
      return sample;
    };
    return { ...subject, end };
  };

  for (const workload of workloads)
    it(`takes the samples of ${workload.name}`, async () => {
      // without targets: a single round decides nothing, and there would be three
      const informing = workload.figures.map(({ what, unit, of }) => ({ what, unit, of }));
      const { variants, figures } = await runWorkload(
        { ...workload, figures: informing },
        1,
        start,
        2,
      );
      for (const [variant, { results }] of Object.entries(variants)) {
        const { sample, count = 1 } = shrink(workload.variants[variant]!);
        if (sample === 'restore' || sample === 'heap-per-operation')
          expect(results, variant).to.equal(count);
        else expect(results, variant).to.be.at.least(1);
      }
      for (const { what, median } of figures) expect(median, what).to.be.finite;
    });
});
