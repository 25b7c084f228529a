import { expect } from 'chai';
import { describe, it } from 'mocha';
import { killAtRandom } from './killed/kill-at-random.js';

describe('recover, with a store that has the rows and the cursor,', function () {
  this.timeout(180_000);
  this.slow(20_000);

  it('loses and repeats nothing in the store, though its process is killed five times', async () => {
    const { rows, lost, duplicated, outOfOrder } = await killAtRandom(5, 20_261_130);
    expect({ lost, duplicated, outOfOrder }).to.deep.equal({
      lost: 0,
      duplicated: 0,
      outOfOrder: 0,
    });
    expect(rows).to.be.above(200);
  });
});
