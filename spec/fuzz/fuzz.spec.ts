import { describe, it } from 'mocha';
import { fuzzAsAsked } from './run.js';

describe('a socket object that is fed anything', () => {
  it('keeps its promises', async function () {
    this.timeout(0);
    const failure = await fuzzAsAsked(10_000);
    if (failure !== undefined) throw new Error(failure);
  });
});
