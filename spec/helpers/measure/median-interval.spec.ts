import { expect } from 'chai';
import { describe, it } from 'mocha';
import { medianInterval } from './median-interval.js';

const upTo = (n: number) => Array.from({ length: n }, (_, index) => index + 1);

/** How probable each number of heads in n throws of a coin is. */
function binomial(n: number): readonly number[] {
  let row = [1];
  for (let throws = 0; throws < n; throws += 1)
    row = [...row, 0].map((one, heads) => (one + (row[heads - 1] ?? 0)) / 2);
  return row;
}

describe('medianInterval', () => {
  it('lies between the 4th and the 12th of 15 values, with 96.5 %', () => {
    const { median, low, high, confidence } = medianInterval(upTo(15));
    expect([median, low, high]).to.deep.equal([8, 4, 12]);
    expect(confidence).to.be.closeTo(0.9648, 0.0001);
  });

  it('does not depend on the order of the values', () =>
    expect(medianInterval([5, 1, 4, 2, 3])).to.deep.equal(medianInterval(upTo(5))));

  it('takes the median of an even number from the two in the middle', () =>
    expect(medianInterval([1, 2, 10, 20]).median).to.equal(6));

  it('is the narrowest that has the confidence asked for, for any number of values', () => {
    for (let n = 5; n <= 60; n += 1) {
      const { low, high, confidence } = medianInterval(upTo(n));
      const probability = binomial(n);
      const outside = (values: number) =>
        2 * probability.slice(0, values).reduce((total, one) => total + one, 0);
      expect(confidence, `${n}`).to.be.closeTo(1 - outside(low), 1e-9);
      expect(confidence, `${n}`).to.be.at.least(0.9);
      expect(1 - outside(low + 1), `${n}`).to.be.below(0.9);
      expect(high, `${n}`).to.equal(n + 1 - low);
    }
  });

  it('is as wide as the values, and says how little that is worth, where there are too few', () => {
    expect(medianInterval([3, 1, 2])).to.deep.equal({
      median: 2,
      low: 1,
      high: 3,
      confidence: 0.75,
    });
    expect(medianInterval([7])).to.deep.equal({ median: 7, low: 7, high: 7, confidence: 0 });
  });

  it('knows nothing of no values', () => {
    expect(medianInterval([]).median).to.be.NaN;
    expect(medianInterval([]).low).to.be.NaN;
  });

  it('holds the true median as often as it says, however skewed the values are', () => {
    let state = 1;
    const random = () => (state = (state * 48_271) % 2_147_483_647) / 2_147_483_647;
    // its median is 1
    const skewed = () => (-Math.log(random()) / Math.LN2) ** 3;
    const runs = 5_000;
    let holding = 0;
    for (let run = 0; run < runs; run += 1) {
      const { low, high } = medianInterval(Array.from({ length: 15 }, skewed));
      if (low <= 1 && 1 <= high) holding += 1;
    }
    expect(holding / runs).to.be.closeTo(0.9648, 0.01);
  });
});
