import { expect } from 'chai';
import { describe, it } from 'mocha';
import { seededRandom } from 'rx-graphql-ws/testing/server';
import { faults, planTour } from '../../lib/demo/faults.js';

const plan = (seed: number) => planTour(seededRandom(seed));

describe('the tour of the demo', () => {
  it('has each fault once, and each is over before the next', () => {
    for (let seed = 1; seed <= 100; seed += 1) {
      const steps = plan(seed);
      expect(steps.map(({ fault }) => fault)).to.have.members(Object.keys(faults));
      for (const [index, { at, fault }] of steps.entries())
        expect(at + faults[fault].lasts).to.be.below(steps[index + 1]?.at ?? 55_000);
    }
  });

  it('is the same for the same seed, and another for another', () => {
    expect(plan(1)).to.deep.equal(plan(1));
    const plans = Array.from({ length: 20 }, (_, seed) => JSON.stringify(plan(seed)));
    expect(new Set(plans)).to.have.lengthOf(20);
  });
});
