import { expect } from 'chai';
import { describe, it } from 'mocha';
import { faultKinds, scheduleFaults } from './schedule.js';

describe('schedule of faults', () => {
  it('is the same for the same seed, and another for another', () => {
    expect(scheduleFaults(7, 120_000)).to.deep.equal(scheduleFaults(7, 120_000));
    expect(scheduleFaults(7, 120_000)).not.to.deep.equal(scheduleFaults(8, 120_000));
  });

  it('has each kind within two minutes, one fault after the other', () => {
    for (let seed = 1; seed <= 200; seed += 1) {
      const faults = scheduleFaults(seed, 120_000);
      expect(new Set(faults.map(({ kind }) => kind)).size).to.equal(faultKinds.length);
      for (const [index, { at }] of faults.entries()) {
        const before = faults[index - 1];
        expect(at).to.be.greaterThan(before ? before.at + before.lasts : 0);
      }
      const last = faults.at(-1)!;
      expect(last.at + last.lasts).to.be.at.most(120_000);
    }
  });

  it('draws from the kinds asked for alone', () => {
    const kinds = scheduleFaults(7, 60_000, ['kill', 'loss']).map(({ kind }) => kind);
    expect(new Set(kinds)).to.deep.equal(new Set(['kill', 'loss']));
  });
});
