import { expect } from 'chai';
import { describe, it } from 'mocha';
import { asyncScheduler, tap } from 'rxjs';
import { useFakeTimers } from 'sinon';
import type { DialLimit } from '../../lib/connection/reconnect/dial-limit.js';
import { createDialLimit } from '../../lib/connection/reconnect/dial-limit.js';
import { advance, record, test, timers } from '../helpers/test.js';

/** Waits for the turn of a dial, and makes it. */
const acquire = ({ available, count }: DialLimit) => available().pipe(tap(count));

describe('createDialLimit', () => {
  test('has its burst again after three quiet seconds, and no more', () => {
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
  });

  test('counts nobody who has left the queue', () => {
    const limit = createDialLimit();
    for (let dial = 0; dial < 3; dial += 1) record(acquire(limit));
    for (let left = 0; left < 5; left += 1) record(acquire(limit)).unsubscribe();
    expect(timers()).to.equal(0);
    expect(limit.wait()).to.equal(1_000);
    advance(1_000);
    expect(limit.wait()).to.equal(0);
  });

  test('has another limit for excused dials: ten at once, then five a second, beside the others', () => {
    const limit = createDialLimit();
    for (let dial = 0; dial < 13; dial += 1) {
      limit.excuse();
      expect(record(acquire(limit)).values).to.have.length(1);
    }
    for (let second = 0; second < 3; second += 1) {
      let dials = 0;
      for (let ms = 0; ms < 1_000; ms += 50) {
        advance(50);
        limit.excuse();
        while (limit.wait() <= 0) {
          record(acquire(limit));
          limit.excuse();
          dials += 1;
        }
      }
      expect(dials).to.equal(6);
    }
    advance(60_000);
    for (let dial = 0; dial < 4; dial += 1) record(acquire(limit));
    expect(limit.wait()).to.equal(1_000);
  });

  it('admits a dial when a timer has waited for its turn, though the clock stands still', () => {
    const { now } = asyncScheduler;
    const clock = useFakeTimers();
    try {
      asyncScheduler.now = () => 1e12;
      const limit = createDialLimit();
      let dials = 0;
      for (let dial = 0; dial < 5; dial += 1) acquire(limit).subscribe(() => (dials += 1));
      clock.tick(10_000);
      expect(dials).to.equal(5);
    } finally {
      clock.restore();
      asyncScheduler.now = now;
    }
  });

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
