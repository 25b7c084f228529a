import { expect } from 'chai';
import { describe, it } from 'mocha';
import { judge, judgeInterval } from './verdict.js';
import { type FigureSpec, ratio } from './workload.js';

const least = { atLeast: 1 };
const most = { atMost: 1 };

describe('The verdict of an interval', () => {
  // low, high, median, confidence
  const rows = [
    ['reaches the target', least, [1, 9, 5, 0.97], 'met'],
    ['reaches the target', most, [0.1, 1, 0.5, 0.97], 'met'],
    ['does not reach the target', least, [0.1, 0.99, 0.5, 0.97], 'missed'],
    ['does not reach the target', most, [1.01, 9, 5, 0.97], 'missed'],
    ['is wide, with the target in it', least, [0.5, 1.6, 1.5, 0.97], 'too wide an interval'],
    ['is wide, with the target in it', most, [0.5, 1.6, 0.6, 0.97], 'too wide an interval'],
    ['is narrow, and the median reaches it', least, [0.97, 1.06, 1.01, 0.97], 'met'],
    ['is narrow, and the median does not', most, [0.97, 1.06, 1.01, 0.97], 'missed'],
    [
      'is exactly as wide as ± 5 % of its median',
      least,
      [0.95, 1.05, 1, 0.97],
      'too wide an interval',
    ],
    ['is of too few rounds, however clear', least, [2, 2, 2, 0.96], 'too few rounds'],
  ] as const;

  for (const [title, target, [low, high, median, confidence], verdict] of rows)
    it(`that ${title} (${JSON.stringify(target)}) is ${verdict}`, () => {
      const judged = judgeInterval(target, { low, high, median, confidence });
      expect(judged.why ?? judged.verdict).to.equal(verdict);
    });
});

describe('A figure of the bench', () => {
  const figure = (more: Partial<FigureSpec> = {}): FigureSpec => ({
    what: 'rate',
    unit: '×',
    of: ratio('rate', 'ours', 'theirs'),
    ...more,
  });
  /** Judges rounds in which the figures have these values. */
  const judged = (specs: readonly FigureSpec[], ...values: readonly number[]) =>
    judge(
      specs,
      values.map((rate) => ({ all: { ours: { rate }, theirs: { rate: 1 } }, turns: [] })),
    );
  const verdicts = (...given: Parameters<typeof judged>) =>
    judged(...given).map(({ verdict }) => verdict);
  const ten = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10];
  const seven = (value: number) => Array.from({ length: 7 }, () => value);

  it('has an interval that holds the true median with 97 %, and with 90 % where it has no target', () => {
    const [one] = judged([figure({ target: { atLeast: 2 } })], ...ten);
    expect(one).to.include({ low: 2, high: 9, median: 5.5, verdict: 'met' });
    expect(one!.confidence).to.be.closeTo(0.9785, 0.0001);
    const [informing] = judged([figure()], 1, 2, 3, 4, 5, 6, 7, 8);
    expect(informing).to.include({ low: 2, high: 7 }).and.not.to.have.any.keys('target', 'verdict');
  });

  it('needs seven rounds for a verdict', () => {
    const specs = [figure({ target: least })];
    expect(judged(specs, 2, 2, 2, 2, 2, 2)[0]).to.include({ why: 'too few rounds' });
    expect(verdicts(specs, ...seven(2))).to.deep.equal(['met']);
  });

  it('is met with another figure that is as good, and missed with it', () => {
    const either = [
      figure({ what: 'one', target: { atMost: 1 }, orElse: 'other' }),
      figure({ what: 'other', target: { atMost: 5 }, orElse: 'one' }),
    ];
    expect(verdicts(either, ...seven(4))).to.deep.equal(['met', 'met']);
    expect(verdicts(either, ...seven(6))).to.deep.equal(['missed', 'missed']);
    // the one is missed, the other lies on its target
    expect(verdicts(either, 2, 3, 4, 5, 6, 7, 8)).to.deep.equal(['undecided', 'undecided']);
  });

  it('is judged by each round for itself where that is asked for, or where one could not be measured', () => {
    const bound = [figure({ target: most, everyRound: true })];
    expect(verdicts(bound, 1)).to.deep.equal(['met']);
    expect(verdicts(bound, ...seven(1), 2)).to.deep.equal(['missed']);
    expect(verdicts([figure({ target: least })], ...ten, NaN)).to.deep.equal(['missed']);
  });
});
