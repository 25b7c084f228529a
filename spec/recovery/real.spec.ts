import { expect } from 'chai';
import { describe, it } from 'mocha';
import { accountForFeed, faultsOf, protocols } from './real/account-for-feed.js';
import { accountForRenewals } from './real/renewals.js';

describe('recover, on real servers that drop each connection after 300 ms,', function () {
  this.timeout(30_000);
  this.slow(15_000);
  for (const protocol of protocols)
    it(`accounts for each row of a feed, in each way, over ${protocol}`, async () => {
      const accounts = await accountForFeed(protocol, 3_000, { lag: 800, latency: 400 });
      expect(accounts.flatMap(faultsOf)).to.deep.equal([]);
      // those that cannot be exact have lost something: else nothing was tried
      for (const { way, isExact, gaps } of accounts) if (!isExact) expect(gaps, way).to.be.above(0);
    });
});

describe('recover, on a socket that is replaced by another one,', function () {
  this.timeout(20_000);
  this.slow(10_000);
  for (const protocol of protocols)
    it(`accounts for each row of a feed over ${protocol}`, async () => {
      const accounts = await accountForRenewals(protocol, 8);
      expect(accounts.flatMap(faultsOf)).to.deep.equal([]);
      for (const { losses } of accounts) expect(losses).to.equal(8);
    });
});
