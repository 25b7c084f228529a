import { expect } from 'chai';
import { describe, it } from 'mocha';
import { judgeEach, judgeEither, judgeInterval, type Judgement } from './verdict.js';

const sure = 0.97;
const between = (low: number, high: number, median = (low + high) / 2, confidence = sure) => ({
  low,
  high,
  median,
  confidence,
});
const met: Judgement = { verdict: 'met' };
const missed: Judgement = { verdict: 'missed' };
const tooWide: Judgement = { verdict: 'undecided', why: 'too wide an interval' };
const tooFew: Judgement = { verdict: 'undecided', why: 'too few rounds' };

describe('The verdict of an interval', () => {
  const least = { atLeast: 1 };
  const most = { atMost: 1 };

  it('is met when the whole interval reaches the target', () => {
    expect(judgeInterval(least, between(1, 9))).to.deep.equal(met);
    expect(judgeInterval(most, between(0.1, 1))).to.deep.equal(met);
  });

  it('is missed when no part of the interval reaches the target', () => {
    expect(judgeInterval(least, between(0.1, 0.99))).to.deep.equal(missed);
    expect(judgeInterval(most, between(1.01, 9))).to.deep.equal(missed);
  });

  it('is undecided when the target lies in a wide interval, wherever the median is', () => {
    for (const median of [0.6, 1, 1.5])
      for (const target of [least, most])
        expect(judgeInterval(target, between(0.5, 1.6, median))).to.deep.equal(tooWide);
  });

  it('is that of the median when the target lies in an interval that is narrower than ± 5 %', () => {
    expect(judgeInterval(least, between(0.97, 1.06, 1.01))).to.deep.equal(met);
    expect(judgeInterval(least, between(0.97, 1.06, 0.99))).to.deep.equal(missed);
    expect(judgeInterval(most, between(0.97, 1.06, 0.99))).to.deep.equal(met);
    expect(judgeInterval(most, between(0.97, 1.06, 1.01))).to.deep.equal(missed);
  });

  it('takes the width as a part of the median', () => {
    const target = { atLeast: 100 };
    expect(judgeInterval(target, between(96, 104, 101))).to.deep.equal(met);
    expect(judgeInterval(target, between(94, 106, 101))).to.deep.equal(tooWide);
    // ± 5 % of the median, and no less
    expect(judgeInterval(target, between(95, 105, 100))).to.deep.equal(tooWide);
    expect(judgeInterval({ atMost: -100 }, between(-104, -96, -101))).to.deep.equal(met);
  });

  it('is undecided when the rounds are too few for 97 %, however clear and narrow they are', () => {
    expect(judgeInterval(least, between(2, 2, 2, 0.9375))).to.deep.equal(tooFew);
    expect(judgeInterval(least, between(0.5, 0.5, 0.5, 0.969))).to.deep.equal(tooFew);
  });
});

describe('The verdict of each value by itself', () => {
  it('is met when all of them reach the target, however few there are', () => {
    expect(judgeEach({ atMost: 1 }, [1])).to.deep.equal(met);
    expect(judgeEach({ atLeast: 1 }, [1, 2, 3])).to.deep.equal(met);
  });

  it('is missed when one does not', () => {
    expect(judgeEach({ atMost: 1 }, [1, 1, 1, 1, 1, 1, 1, 1, 2])).to.deep.equal(missed);
    expect(judgeEach({ atLeast: 1 }, [2, NaN])).to.deep.equal(missed);
  });

  it('is undecided when there is none', () =>
    expect(judgeEach({ atMost: 1 }, [])).to.deep.equal(tooFew));
});

describe('The verdict of figures of which one is enough', () => {
  it('is met when one is met', () => {
    expect(judgeEither([missed, met])).to.deep.equal(met);
    expect(judgeEither([tooWide, met, missed])).to.deep.equal(met);
  });

  it('is missed when all are missed', () =>
    expect(judgeEither([missed, missed])).to.deep.equal(missed));

  it('is undecided when one is, and none is met', () => {
    expect(judgeEither([missed, tooWide])).to.deep.equal(tooWide);
    expect(judgeEither([tooFew, missed])).to.deep.equal(tooFew);
  });
});
