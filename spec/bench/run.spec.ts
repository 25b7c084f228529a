import { expect } from 'chai';
import { after, before, describe, it } from 'mocha';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runProgram } from '../helpers/run-program.js';
import { runWorkload } from './run-workload.js';
import type { StartSubject } from './start-bench.js';
import type { Task } from './task.js';
import { ratio, type FigureSpec, type Workload } from './workload.js';

const run = async (...args: readonly string[]) => {
  const { exited, out, err } = runProgram('spec/rig/run.ts', args);
  return { code: await exited, out: out(), err: err() };
};

describe('The runner of the rigs', function () {
  this.timeout(60_000);
  let folder: string;
  before(() => {
    folder = mkdtempSync(join(tmpdir(), 'rig-'));
  });
  after(() => rmSync(folder, { recursive: true }));
  const file = (name: string, text: string) => {
    writeFileSync(join(folder, name), text);
    return join(folder, name);
  };

  it('fails for a figure of the bench that is missed, and not for one that is undecided', async () => {
    const interval = { unit: '×', median: 1, low: 0.5, high: 1.6, confidence: 0.98 };
    const look = (...verdicts: readonly string[]) => {
      const figures = verdicts.map((verdict) => ({ what: `is ${verdict}`, verdict, ...interval }));
      const outcomes = [{ name: 'shared', rounds: 10, variants: {}, figures }];
      const path = file(`${verdicts.length}.json`, JSON.stringify({ outcomes, failed: [] }));
      return run('bench', '--check', '--from', path);
    };
    const [met, missed] = await Promise.all([
      look('met', 'undecided'),
      look('met', 'undecided', 'missed'),
    ]);
    expect([met.code, met.err]).to.deep.equal([0, 'undecided:\n  shared: is undecided\n']);
    expect(missed.code).to.equal(1);
    expect(missed.err).to.contain('missed:\n  shared: is missed\n');
  });
});

const task = (client: Task['client']): Task => ({
  sample: 'restore',
  client,
  feed: { size: 100 },
  warmUp: 0,
  measure: 0,
});

const workload = (target?: FigureSpec['target'], more: Partial<Workload> = {}): Workload => ({
  name: 'two',
  variants: { ours: task('rx-graphql-ws'), theirs: task('graphql-ws') },
  figures: [
    { what: 'rate', unit: '×', of: ratio('rate', 'ours', 'theirs'), ...(target && { target }) },
  ],
  ...more,
});

/** Starts what measures these values of ours in turn, and always 1 of theirs. */
function starting(...ours: readonly number[]): StartSubject {
  let round = 0;
  return ({ client }) => ({
    warm: () => Promise.resolve(),
    slice: () => Promise.resolve({}),
    end: () =>
      Promise.resolve({ rate: client === 'graphql-ws' ? 1 : ours[round++ % ours.length]! }),
    stop: () => Promise.resolve(),
  });
}

describe('A workload of the bench', () => {
  const least = { atLeast: 1 };

  it('has one look when that decides all its figures, or when none has a target', async () => {
    const decided = await runWorkload(workload(least), 10, starting(2, 3));
    expect(decided.rounds).to.equal(10);
    expect(decided.figures[0]).to.include({ low: 2, high: 3, verdict: 'met' });
    expect((await runWorkload(workload(), 10, starting(0.1, 9))).rounds).to.equal(10);
  });

  it('looks again at all rounds so far while a figure is undecided', async () => {
    // below the target are 2 of 10, where the interval leaves out one at each end, and 3 of 20, where it leaves out four
    const values = [0.5, 0.5, 2, 2, 2, 2, 2, 2, 2, 2, 0.5, 2, 2, 2, 2, 2, 2, 2, 2, 2];
    const { rounds, figures } = await runWorkload(workload(least), 10, starting(...values));
    expect(rounds).to.equal(20);
    expect(figures[0]).to.include({ low: 2, high: 2, verdict: 'met' });
  });

  it('is undecided after three looks', async () => {
    const { rounds, figures } = await runWorkload(workload(least), 10, starting(0.5, 1.6));
    expect(rounds).to.equal(30);
    expect(figures[0]).to.include({ verdict: 'undecided', why: 'too wide an interval' });
  });

  it('takes no more rounds in a look than it says', async () => {
    const few = workload(undefined, { mostRounds: 3 });
    expect((await runWorkload(few, 10, starting(1))).rounds).to.equal(3);
    expect((await runWorkload(few, 2, starting(1))).rounds).to.equal(2);
  });

  it('begins every other round with the last variant', async () => {
    const order: string[] = [];
    const start: StartSubject = (one) => ({
      ...starting(1)(one),
      warm: () => Promise.resolve(void order.push(one.client)),
    });
    await runWorkload(workload(undefined, { mostRounds: 3 }), 10, start);
    const [ours, theirs] = ['rx-graphql-ws', 'graphql-ws'];
    expect(order).to.deep.equal([ours, theirs, theirs, ours, ours, theirs]);
  });

  it('compares neighbours: the ratio of a round is the median of its turns, and a value that slices lack is compared as a whole', async () => {
    const start: StartSubject = ({ client }) => {
      const isOurs = client === 'rx-graphql-ws';
      let slices = 0;
      return {
        ...starting(1)(task(client)),
        // the machine is three times as slow in the second half, and once in the midst of a turn
        slice() {
          slices += 1;
          const pace = slices > 5 ? 1 : 3;
          const isDisturbed = isOurs && slices === 2;
          return Promise.resolve({ rate: isDisturbed ? 0.01 : pace * (isOurs ? 1.1 : 1) });
        },
        end: () => Promise.resolve({ rate: isOurs ? 9 : 1, p99: isOurs ? 8 : 4 }),
      };
    };
    const sample = 'throughput';
    const sliced: Workload = {
      name: 'sliced',
      variants: {
        ours: { ...task('rx-graphql-ws'), sample },
        theirs: { ...task('graphql-ws'), sample },
      },
      figures: ['rate', 'p99'].map((value) => ({
        what: value,
        unit: '×',
        of: ratio(value, 'ours', 'theirs'),
      })),
    };
    const { figures } = await runWorkload(sliced, 1, start);
    expect(figures.map(({ median }) => Number(median.toFixed(6)))).to.deep.equal([1.1, 2]);
  });

  it('takes a ratio within each round, and a median of each value', async () => {
    let samples = 0;
    const start: StartSubject = (one) => ({
      ...starting(1)(one),
      end: () => Promise.resolve({ rate: (samples += 1) }),
    });
    const outcome = await runWorkload(workload(undefined, { mostRounds: 3 }), 10, start);
    expect(outcome.variants).to.deep.equal({ ours: { rate: 4 }, theirs: { rate: 3 } });
    // of 1 / 2, 4 / 3 and 5 / 6
    expect(outcome.figures[0]!.median).to.be.closeTo(5 / 6, 1e-9);
  });
});
