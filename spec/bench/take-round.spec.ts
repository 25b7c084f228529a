import { expect } from 'chai';
import { describe, it } from 'mocha';
import type { StartSubject } from './start-bench.js';
import { takeRound } from './take-round.js';
import type { Task } from './task.js';

const names = ['A', 'B', 'C'] as const;
/** Three variants, which are told apart by their count. */
const variants = (sample: Task['sample']) =>
  Object.fromEntries(
    names.map((name, count): [string, Task] => [
      name,
      { sample, client: 'rx-graphql-ws', count, feed: { size: 100 }, warmUp: 0, measure: 0 },
    ]),
  );

/** Writes down what is done with which, in a process that is new for each. */
function recording(slice: (name: string) => Promise<void> = () => Promise.resolve()) {
  const log: string[] = [];
  let active = 0;
  const alone = async (what: string, work: () => Promise<void>) => {
    log.push(what);
    active += 1;
    expect(active, `${what}: how many are at work`).to.equal(1);
    try {
      await Promise.resolve();
      await work();
    } finally {
      active -= 1;
    }
  };
  const start: StartSubject = ({ count = 0 }, flags = []) => {
    const name = names[count]!;
    log.push([`start ${name}`, ...flags].join(' '));
    return {
      warm: () => alone(`warm ${name}`, () => Promise.resolve()),
      slice: () => alone(name, () => slice(name)),
      end: () => Promise.resolve({ count }),
      stop: () => Promise.resolve(void log.push(`stop ${name}`)),
    };
  };
  return { log, start };
}

const each = (what: string, order: readonly string[]) => order.map((name) => `${what} ${name}`);

describe('A round of the bench', () => {
  const sliced = { variants: variants('throughput') };
  const whole = { variants: variants('restore') };

  it('has its variants at work in turn, one at a time, each warm before', async () => {
    const { log, start } = recording();
    await takeRound(sliced, start, false, 3);
    expect(log).to.deep.equal([
      ...each('start', names),
      ...each('warm', names),
      ...['A', 'B', 'C', 'C', 'B', 'A', 'A', 'B', 'C'],
      ...each('stop', ['C', 'B', 'A']),
    ]);
  });

  it('begins with the last where it is told to', async () => {
    const { log, start } = recording();
    await takeRound(sliced, start, true, 2);
    expect(log.join('')).to.contain('warm Cwarm Bwarm ACBAABC');
  });

  it('has the sample of each', async () => {
    const samples = { A: { count: 0 }, B: { count: 1 }, C: { count: 2 } };
    for (const workload of [sliced, whole])
      expect(await takeRound(workload, recording().start)).to.deep.equal(samples);
  });

  it('has one process after another where a sample is taken at a stretch', async () => {
    const { log, start } = recording();
    await takeRound({ ...whole, flags: ['--flag'] }, start);
    const alone = (name: string) => [`start ${name} --flag`, `warm ${name}`, name, `stop ${name}`];
    expect(log).to.deep.equal([...names].flatMap(alone));
  });

  it('leaves no process behind when one fails', async () => {
    for (const workload of [sliced, whole]) {
      const { log, start } = recording((name) =>
        name === 'B' ? Promise.reject(new Error('lost')) : Promise.resolve(),
      );
      let thrown: unknown;
      await takeRound(workload, start).catch((error: unknown) => (thrown = error));
      expect(thrown).to.have.property('message', 'lost');
      const which = (what: string) =>
        log.filter((line) => line.startsWith(what)).map((line) => line.at(-1)!);
      expect(which('stop').sort()).to.deep.equal(which('start'));
    }
  });
});
