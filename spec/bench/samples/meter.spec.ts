import { expect } from 'chai';
import { describe, it } from 'mocha';
import { total } from './meter.js';

describe('Slices that were measured', () => {
  it('are summed up, and busy for as great a part of the time as all of them', () => {
    const short = { ms: 100, cpu: 40_000, busy: 0.5 };
    const long = { ms: 300, cpu: 300_000, busy: 0.9 };
    const { ms, cpu, busy } = total([short, long]);
    expect([ms, cpu]).to.deep.equal([400, 340_000]);
    expect(busy).to.be.closeTo(0.8, 1e-9);
  });
});
