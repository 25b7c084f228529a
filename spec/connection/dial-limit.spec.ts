import { expect } from 'chai';
import { describe, it } from 'mocha';
import { asyncScheduler, Subject, tap, timer } from 'rxjs';
import { useFakeTimers } from 'sinon';
import { createDialLimit, type DialLimit } from '../../lib/connection/reconnect/dial-limit.js';
import { advance, record, test, timers } from '../helpers/test.js';
import { bench } from '../helpers/bench.js';
import { accepts, refuses } from '../helpers/scripted.js';
import type { Recording } from '../helpers/virtually.js';

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
      limit.judge(true, true);
      expect(record(acquire(limit)).values).to.have.length(1);
    }
    for (let second = 0; second < 3; second += 1) {
      let dials = 0;
      for (let ms = 0; ms < 1_000; ms += 50) {
        advance(50);
        limit.judge(true, true);
        while (limit.wait() <= 0) {
          record(acquire(limit));
          limit.judge(true, true);
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

const query = 'subscription { a }';

/** Calls back at an instant; of several at the same instant, in the order in which they were asked for. */
const at = (ms: number, then: () => void) =>
  timer(ms).subscribe({ next: then, error: expect.fail });

/** A dial fails after 1 ms, and the next one is due at 11 ms. */
const retrying = () => bench({ retry: { delay: 10 } }, refuses, accepts());

describe('a wait that ends in the turn of the last unsubscribe', () => {
  test('dials for nobody', () => {
    const { socket, peers } = retrying();
    const stream = record(socket.subscribe$(query));
    at(11, () => stream.unsubscribe());
    advance(10);
    expect([peers.length, stream.log]).to.deep.equal([1, []]);
    advance(5_000);
    expect([peers.length, timers()]).to.deep.equal([1, 0]);
  });

  for (const [what, askedAt] of [
    ['before the wait ends', 0],
    ['when the wait has ended', 5],
  ] as const)
    test(`dials for the subscriber that comes in that turn, ${what}`, () => {
      const { socket, peers, messages } = retrying();
      const stream = record(socket.subscribe$(query));
      let again: Recording<unknown> | undefined;
      at(11, () => stream.unsubscribe());
      advance(askedAt);
      at(11 - askedAt, () => {
        again = record(socket.subscribe$(query));
      });
      advance(11 - askedAt);
      expect(peers).to.have.length(2);
      advance(2);
      expect(messages().map(({ type }) => type)).to.deep.equal(['connection_init', 'subscribe']);
      again?.unsubscribe();
    });

  test('dials for nobody who waited for the turn of a first dial', () => {
    const { socket, peers } = bench({ retry: false }, refuses);
    for (let dial = 1; dial <= 3; dial += 1) {
      record(socket.subscribe$(query));
      advance(1);
    }
    // three in a burst, and the fourth a second after the first
    at(997, () => stream.unsubscribe());
    const stream = record(socket.subscribe$(query));
    advance(5_000);
    expect([peers.length, timers()]).to.deep.equal([3, 0]);
  });
});

describe('a connection that is lost in the turn in which it is kept for the next operation', () => {
  test('is not replaced, even if the page comes back in that turn', () => {
    const wake = new Subject<void>();
    const { socket, at: peer, peers } = bench({ linger: 200, retry: { delay: 10, wake } });
    const stream = record(socket.subscribe$(query));
    advance(5);
    stream.unsubscribe();
    peer(0).send('no JSON');
    wake.next();
    advance(5_000);
    expect([peers.length, timers()]).to.deep.equal([1, 0]);
  });
});
