import { expect } from 'chai';
import { describe, it } from 'mocha';
import { asyncScheduler, tap } from 'rxjs';
import type { DialLimit } from '../../lib/connection/reconnect/dial-limit.js';
import { createDialLimit } from '../../lib/connection/reconnect/dial-limit.js';
import { virtually } from '../helpers/virtually.js';

/** Waits for the turn of a dial, and makes it. */
const acquire = ({ available, count }: DialLimit) => available().pipe(tap(count));

describe('createDialLimit', () => {
  it(
    'has its burst again after three quiet seconds, and no more',
    virtually(({ record, advance }) => {
      const limit = createDialLimit();
      for (let dial = 0; dial < 3; dial += 1) record(acquire(limit));
      advance(60_000);
      for (let dial = 0; dial < 3; dial += 1) {
        expect(limit.wait()).to.equal(0);
        record(acquire(limit));
      }
      expect(limit.wait()).to.equal(1_000);
      advance(400);
      expect(limit.wait()).to.equal(600);
    }),
  );

  it(
    'counts nobody who has left the queue',
    virtually(({ record, advance, timers }) => {
      const limit = createDialLimit();
      for (let dial = 0; dial < 3; dial += 1) record(acquire(limit));
      for (let left = 0; left < 5; left += 1) record(acquire(limit)).unsubscribe();
      expect(timers()).to.equal(0);
      expect(limit.wait()).to.equal(1_000);
      advance(1_000);
      expect(limit.wait()).to.equal(0);
    }),
  );

  it(
    'does not count the dial after a clean close',
    virtually(({ record }) => {
      const limit = createDialLimit();
      for (let dial = 0; dial < 100; dial += 1) {
        limit.refund();
        expect(record(acquire(limit)).values).to.have.length(1);
      }
      for (let dial = 0; dial < 3; dial += 1) {
        expect(limit.wait()).to.equal(0);
        record(acquire(limit));
      }
      expect(limit.wait()).to.equal(1_000);
    }),
  );

  for (const [what, jump] of [
    ['forwards', 86_400_000],
    ['backwards', -86_400_000],
  ] as const)
    it(`waits a second at most when the clock jumps ${what}`, () => {
      const { now } = asyncScheduler;
      let time = 1e12;
      asyncScheduler.now = () => time;
      try {
        const limit = createDialLimit();
        for (let dial = 0; dial < 3; dial += 1) acquire(limit).subscribe();
        time += jump;
        expect(limit.wait()).to.be.within(0, 1_000);
        time += 1_000;
        expect(limit.wait()).to.equal(0);
      } finally {
        asyncScheduler.now = now;
      }
    });
});
