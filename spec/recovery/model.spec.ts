import { describe, it } from 'mocha';
import { readNumber, readSeed } from '../helpers/read-number.js';
import { runModel } from './model/run.js';

describe('recover, whatever is lost, late, refused or wrong,', () => {
  it('loses no row without a gap, repeats none, and keeps their order', function () {
    this.timeout(0);
    const { RECOVERY_RUNS = '500' } = process.env;
    const runs = readNumber('RECOVERY_RUNS', RECOVERY_RUNS, 'a whole number above 0');
    const seed = readSeed('RECOVERY_SEED');
    const { failure, ...numbers } = runModel({ runs, seed });
    console.log(`      seed ${seed}: ${JSON.stringify(numbers)}`);
    if (failure !== undefined) throw new Error(failure);
  });
});
