import { expect } from 'chai';
import { before, describe, it } from 'mocha';
import { compile, measure } from './run.js';
import { scenarios } from './scenarios.js';

/** Short runs; the sizes of the targets are those of `npm run load`. */
describe('Under load, and over many repetitions', () => {
  let folder: string;
  before(async () => {
    folder = await compile();
  });

  for (const scenario of Object.keys(scenarios))
    it(`keeps its figures: ${scenario}`, async function () {
      this.timeout(60_000);
      const figures = await measure(folder, scenario, true);
      expect(figures).not.to.be.empty;
      for (const { what, value, limit = Infinity } of figures)
        expect(value, what).to.be.at.most(limit);
    });
});
