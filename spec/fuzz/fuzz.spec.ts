import { expect } from 'chai';
import { describe, it } from 'mocha';
import { fuzzOptions } from './fuzz-options.js';
import { fuzz } from './fuzz.js';

const { ms, seed, path } = fuzzOptions(10_000);

describe('a socket object that is fed anything', () => {
  it(`keeps its promises for ${ms} ms (FUZZ_SEED=${seed})`, async function () {
    this.timeout(ms + 40_000);
    const { tally, failure } = await fuzz(ms, seed, path);
    console.log(`      ${JSON.stringify(tally)}`);
    if (failure !== undefined) throw new Error(failure);
    // a tenth of what a busy machine manages: else it does nothing
    if (!path) expect(tally.frames, 'frames').to.be.above(ms / 100);
  });
});
