import { expect } from 'chai';
import { describe, it } from 'mocha';
import { retryAfter } from '../../lib/transport/retry-after.js';
import { virtually } from '../helpers/virtually.js';

describe('retryAfter', () => {
  for (const [header, ms] of [
    ['7', 7_000],
    ['1', 1_000],
    ['300', 300_000],
    // neither a storm nor a sleep
    ['0', 1_000],
    ['301', 300_000],
    ['999999999999999999999', 300_000],
  ] as const)
    it(`takes ${header} seconds for ${String(ms)} ms`, () => {
      expect(retryAfter(header)).to.equal(ms);
    });

  it(
    'takes a date for the time until then',
    virtually(({ advance }) => {
      advance(10_000);
      expect(retryAfter(new Date(42_000).toUTCString())).to.equal(32_000);
      expect(retryAfter(new Date(0).toUTCString())).to.equal(1_000);
      expect(retryAfter(new Date(9e9).toUTCString())).to.equal(300_000);
    }),
  );

  for (const header of [undefined, '', 'soon', '-5', '1.5', '5 s', ['a', 'b']])
    it(`makes nothing of ${String(header)}`, () => {
      const wait = retryAfter(header);
      // what Date.parse makes of it is V8's; it must be a bound wait or none
      if (wait !== undefined) expect(wait).to.be.within(1_000, 300_000);
      else expect(wait).to.equal(undefined);
    });
});
