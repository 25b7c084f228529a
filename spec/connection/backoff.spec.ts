import { expect } from 'chai';
import { describe, it } from 'mocha';
import { defer, retry, throwError, timer } from 'rxjs';
import { exponentialBackoff } from '../../lib/connection/reconnect/backoff.js';
import { expectObservable, test } from '../helpers/test.js';

const attempts = [1, 2, 3, 4, 5, 6, 7, 100, 2000];
const bounds = [500, 1_000, 2_000, 4_000, 8_000, 16_000, 20_000, 20_000, 20_000];

describe('exponentialBackoff', () => {
  it('doubles its bound from 500 ms up to 20 s', () => {
    const wait = exponentialBackoff({ jitter: 'none' });
    expect(attempts.map((attempt) => wait(undefined, attempt))).to.deep.equal(bounds);
  });

  it('waits a random part of the bound by default', () => {
    const half = exponentialBackoff({ random: () => 0.5 });
    expect(attempts.map((attempt) => half(undefined, attempt))).to.deep.equal(
      bounds.map((bound) => bound / 2),
    );
  });

  it('draws from Math.random anew each time, within the bound', () => {
    const wait = exponentialBackoff();
    const waits = Array.from({ length: 200 }, () => wait(undefined, 1));
    expect(Math.min(...waits)).to.be.within(0, 100);
    expect(Math.max(...waits)).to.be.within(400, 500);
    expect(new Set(waits).size).to.be.greaterThan(100);
  });

  it('takes its first bound and its largest', () => {
    const wait = exponentialBackoff({ initial: 10, max: 35, jitter: 'none' });
    expect([1, 2, 3, 4].map((attempt) => wait(undefined, attempt))).to.deep.equal([10, 20, 35, 35]);
  });

  it('takes undefined options for absent ones', () => {
    const options = { initial: undefined, max: undefined, jitter: undefined, random: undefined };
    expect(exponentialBackoff(options)(undefined, 1)).to.be.within(0, 500);
  });

  test("fits rxjs' own retry", () => {
    const wait = exponentialBackoff({ initial: 10, jitter: 'none' });
    let dials = 0;
    const source$ = defer(() => {
      dials += 1;
      return throwError(() => new Error(`dial ${String(dials)}`));
    });
    const retried$ = source$.pipe(
      retry({ count: 2, delay: (error, attempt) => timer(wait(error, attempt)) }),
    );
    expectObservable(retried$).toBe('10ms 20ms #', undefined, { name: 'Error' });
  });

  it('is a number for ever', () => {
    const backoff = exponentialBackoff({ initial: 0, jitter: 'none' });
    expect(backoff(undefined, 5_000)).to.equal(0);
    expect(exponentialBackoff({ jitter: 'none' })(undefined, 5_000)).to.equal(20_000);
  });
});
