import { expect } from 'chai';
import { describe, it } from 'mocha';
import { judge } from './judge.js';
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
const ten = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10];

describe('A figure of the bench', () => {
  it('is judged by the interval that has 97 %', () => {
    const [judged] = judge([figure({ target: { atLeast: 2 } })], rounds(...ten));
    expect(judged).to.include({ low: 2, high: 9, median: 5.5, verdict: 'met' });
    expect(judged!.confidence).to.be.closeTo(0.9785, 0.0001);
    expect(verdicts([figure({ target: { atLeast: 2.1 } })], ...ten)).to.deep.equal(['undecided']);
    expect(verdicts([figure({ target: { atMost: 1.9 } })], ...ten)).to.deep.equal(['missed']);
  });

  it('has no verdict without a target, and an interval that has 90 %', () => {
    const [judged] = judge([figure()], rounds(1, 2, 3, 4, 5, 6, 7, 8));
    expect(judged).to.include({ low: 2, high: 7 });
    expect(judged).not.to.have.any.keys('target', 'verdict', 'why');
  });

  it('needs seven rounds for a verdict', () => {
    const least = [figure({ target: { atLeast: 1 } })];
    const [judged] = judge(least, rounds(2, 2, 2, 2, 2, 2));
    expect(judged).to.include({ verdict: 'undecided', why: 'too few rounds' });
    expect(verdicts(least, 2, 2, 2, 2, 2, 2, 2)).to.deep.equal(['met']);
    expect(verdicts(least, 0, 0, 0, 0, 0, 0, 0)).to.deep.equal(['missed']);
  });

  it('is met with another figure that is as good, and missed with it', () => {
    const either = [
      figure({ what: 'one', target: { atMost: 1 }, orElse: 'other' }),
      figure({ what: 'other', target: { atMost: 5 }, orElse: 'one' }),
      figure({ what: 'third', target: { atMost: 5 } }),
    ];
    const seven = (value: number) => Array.from({ length: 7 }, () => value);
    expect(verdicts(either, ...seven(4))).to.deep.equal(['met', 'met', 'met']);
    expect(verdicts(either, ...seven(6))).to.deep.equal(['missed', 'missed', 'missed']);
    // the one is missed, the other lies on its target
    const undecided = ['undecided', 'undecided', 'undecided'];
    expect(verdicts(either, 2, 3, 4, 5, 6, 7, 8)).to.deep.equal(undecided);
  });

  it('is judged by each round for itself where that is asked for', () => {
    const most = [figure({ target: { atMost: 1 }, everyRound: true })];
    expect(verdicts(most, 1)).to.deep.equal(['met']);
    expect(verdicts(most, 1, 1, 1, 1, 1, 1, 2)).to.deep.equal(['missed']);
  });

  it('is missed where something could not be measured', () => {
    expect(verdicts([figure({ target: { atLeast: 0 } })], ...ten, NaN)).to.deep.equal(['missed']);
  });

  it('refuses a value that nobody measured', () => {
    expect(() => valueOf({ ours: {} }, 'ours', 'rte')).to.throw('ours has no rte');
  });
});
