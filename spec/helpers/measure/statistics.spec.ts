import { expect } from 'chai';
import { describe, it } from 'mocha';
import { median, quantile, slope, sum } from './statistics.js';

describe('statistics', () => {
  it('finds the median', () => {
    expect(median([3, 1, 2])).to.equal(2);
    expect(median([4, 1, 2, 3])).to.equal(2.5);
    expect(median([])).to.be.NaN;
  });

  it('finds a quantile: the value that so great a part does not exceed', () => {
    const hundred = Array.from({ length: 100 }, (_, index) => 100 - index);
    expect(quantile(hundred, 0.99)).to.equal(99);
    expect(quantile(hundred, 0.5)).to.equal(50);
    expect(quantile([7], 0.99)).to.equal(7);
    expect(quantile([1, 2], 0)).to.equal(1);
    expect(quantile([], 0.5)).to.be.NaN;
  });

  it('fits a line', () => {
    expect(slope([[0, 1], [1, 3], [2, 5]])).to.equal(2); // prettier-ignore
    expect(sum([1, 2, 3])).to.equal(6);
  });
});
