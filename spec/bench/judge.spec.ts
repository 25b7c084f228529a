import { expect } from 'chai';
import { describe, it } from 'mocha';
import { judge } from './judge.js';
import { runWorkload } from './run-workload.js';
import type { Task } from './task.js';
import { ratio, valueOf, type FigureSpec, type Round } from './workload.js';

/** Rounds in which a figure has these values. */
const rounds = (...values: readonly number[]): readonly Round[] =>
  values.map((value) => ({ ours: { rate: value }, theirs: { rate: 1 } }));
const figure = (more: Partial<FigureSpec> = {}): FigureSpec => ({
  what: 'rate',
  unit: '×',
  of: ratio('rate', 'ours', 'theirs'),
  ...more,
});
const verdicts = (specs: readonly FigureSpec[], ...values: readonly number[]) =>
  judge(specs, rounds(...values)).map(({ verdict }) => verdict);

describe('A figure of the bench', () => {
  it('meets a least value when its interval reaches it', () => {
    const atLeast = (least: number) => [figure({ target: { atLeast: least } })];
    expect(verdicts(atLeast(3), 1, 2, 2, 2, 3)).to.deep.equal(['met']);
    expect(verdicts(atLeast(3.1), 1, 2, 2, 2, 3)).to.deep.equal(['missed']);
  });

  it('meets a greatest value when its interval reaches it', () => {
    const atMost = (most: number) => [figure({ target: { atMost: most } })];
    expect(verdicts(atMost(1), 1, 2, 2, 2, 3)).to.deep.equal(['met']);
    expect(verdicts(atMost(0.9), 1, 2, 2, 2, 3)).to.deep.equal(['missed']);
  });

  it('is judged without its target where another figure is as good', () => {
    const either = [
      figure({ what: 'one', target: { atMost: 1 }, orElse: 'other' }),
      figure({ what: 'other', target: { atMost: 5 }, orElse: 'one' }),
    ];
    expect(verdicts(either, 4, 4, 4, 4, 4)).to.deep.equal(['met', 'met']);
    expect(verdicts(either, 6, 6, 6, 6, 6)).to.deep.equal(['missed', 'missed']);
  });

  it('is for information without a target', () => {
    expect(verdicts([figure()], 1)).to.deep.equal([undefined]);
  });

  it('is neither met nor missed where the rounds are too few to tell', () => {
    const least = [figure({ target: { atLeast: 1 } })];
    expect(verdicts(least, 2, 2, 2, 2)).to.deep.equal(['too few rounds']);
    expect(verdicts(least, 0, 0, 0, 0)).to.deep.equal(['too few rounds']);
    expect(verdicts(least, 2, 2, 2, 2, 2)).to.deep.equal(['met']);
  });

  it('is judged by each round for itself where that is asked for', () => {
    const most = [figure({ target: { atMost: 1 }, everyRound: true })];
    expect(verdicts(most, 1)).to.deep.equal(['met']);
    expect(verdicts(most, 2)).to.deep.equal(['missed']);
    expect(verdicts(most, 1, 1, 1, 1, 1, 1, 2)).to.deep.equal(['missed']);
    expect(verdicts(most)).to.deep.equal(['too few rounds']);
  });

  it('is not met by what could not be measured', () => {
    const never = Array.from({ length: 5 }, () => NaN);
    expect(verdicts([figure({ target: { atLeast: 0 } })], ...never)).to.deep.equal(['missed']);
    expect(verdicts([figure({ target: { atMost: 0 }, everyRound: true })], NaN)).to.deep.equal([
      'missed',
    ]);
  });

  it('refuses a value that nobody measured', () => {
    expect(() => valueOf({ ours: {} }, 'ours', 'rte')).to.throw('ours has no rte');
  });
});

describe('A workload of the bench', () => {
  it('takes its variants in turn, every other round backwards', async () => {
    const task = (count: number): Task => ({
      sample: 'throughput',
      client: 'rx-graphql-ws',
      count,
      feed: { size: 100 },
      warmUp: 0,
      measure: 0,
    });
    const order: (number | undefined)[] = [];
    const outcome = await runWorkload(
      {
        name: 'three',
        variants: { one: task(1), two: task(2), three: task(3) },
        figures: [figure({ of: ratio('rate', 'two', 'one') })],
        mostRounds: 3,
      },
      15,
      ({ count = 0 }) => {
        order.push(count);
        return Promise.resolve({ rate: count * order.length });
      },
    );
    expect(order).to.deep.equal([1, 2, 3, 3, 2, 1, 1, 2, 3]);
    expect(outcome.rounds).to.equal(3);
    expect(outcome.variants).to.deep.equal({
      one: { rate: 6 },
      two: { rate: 10 },
      three: { rate: 12 },
    });
    // of each round, not of the medians: 4 / 1, 10 / 6, 16 / 7
    expect(outcome.figures[0]!.median).to.be.closeTo(16 / 7, 1e-9);
  });
});
