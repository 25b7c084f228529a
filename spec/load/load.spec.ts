import { expect } from 'chai';
import { before, describe, it } from 'mocha';
import { compile } from './compile.js';
import type { Figure } from './figure.js';
import { runChild, unoptimised } from '../helpers/measure/run-child.js';
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
      const args = [scenario, JSON.stringify({ short: true })];
      const child = runChild(`${folder}/run-scenario`, args, unoptimised);
      try {
        const figures = await child.answer<readonly Figure[]>();
        expect(figures).not.to.be.empty;
        for (const { what, value, limit = Infinity } of figures)
          expect(value, what).to.be.at.most(limit);
      } finally {
        await child.stop();
      }
    });
});
