import { expect } from 'chai';
import { describe, it } from 'mocha';
import { from, map, NEVER, of, Subject, timer, type Observable } from 'rxjs';
import { concatMapBounded, isGraphQLSocketError } from 'rx-graphql-ws';
import { expectObservable, flush, hot, test } from '../helpers/test.js';

/** Takes 4 frames for each. */
const slowly = (value: string) => timer(4).pipe(map(() => value));

describe('concatMapBounded, when there is no room,', () => {
  const source = '      abcd-ef--';
  for (const [overflow, result, counts] of [
    ['dropNewest', '    ----a---b---c---e', [1, 2]],
    ['dropOldest', '    ----a---c---e---f', [1, 2]],
    ['error', '         ---#', []],
  ] as const)
    test(`does with '${overflow}' what its name says`, () => {
      const told: number[] = [];
      const dropped = (count: number) => void told.push(count);
      const bounded = concatMapBounded(slowly, { capacity: 2, overflow, dropped });
      const unsubscribe = ' ^--------------------!';
      expectObservable(hot(source).pipe(bounded), unsubscribe).toBe(result, undefined, {
        name: 'ConfigurationError',
      });
      flush();
      expect(told).to.deep.equal(counts);
    });

  it("tells with 'error' what to change, and leaves the source and what is worked on before", () => {
    const values = new Subject<number>();
    const log: unknown[] = [];
    const inner = new Subject<never>();
    values.pipe(concatMapBounded(() => inner, { capacity: 1, overflow: 'error' })).subscribe({
      error(error: unknown) {
        log.push(error, values.observed, inner.observed);
      },
    });
    for (const value of [1, 2, 3, 4]) values.next(value);
    const [error, ...observed] = log;
    expect(error).to.be.an('error').that.includes({
      name: 'ConfigurationError',
      option: 'capacity',
      message: 'more than `capacity` = 1 values wait: the consumer is slower than the source',
    });
    expect(isGraphQLSocketError(error)).to.equal(true);
    expect(observed).to.deep.equal([false, false]);
  });

  for (const overflow of ['dropOldest', 'dropNewest'] as const) {
    it(`errors with what \`dropped\` throws, with '${overflow}'`, () => {
      const values = new Subject<number>();
      const errors: unknown[] = [];
      const boom = new Error('boom');
      const dropped = () => {
        throw boom;
      };
      values.pipe(concatMapBounded(() => NEVER, { capacity: 1, overflow, dropped })).subscribe({
        error: (error: unknown) => errors.push(error),
      });
      for (const value of [1, 2, 3, 4]) values.next(value);
      expect(errors).to.deep.equal([boom]);
      expect(values.observed).to.equal(false);
    });

    it(`need not tell what it drops, with '${overflow}'`, () => {
      const results: number[] = [];
      const gate = new Subject<never>();
      const hold = (value: number): Observable<number> => (value === 0 ? gate : of(value));
      from([0, 1, 2, 3])
        .pipe(concatMapBounded(hold, { capacity: 1, overflow, dropped: undefined }))
        .subscribe((result) => results.push(result));
      gate.complete();
      expect(results).to.deep.equal([overflow === 'dropOldest' ? 3 : 1]);
    });

    it(`takes what \`dropped\` feeds back, and its unsubscribing, with '${overflow}'`, () => {
      const values = new Subject<number>();
      const counts: number[] = [];
      const subscription = values
        .pipe(
          concatMapBounded(() => NEVER, {
            capacity: 1,
            overflow,
            dropped(count) {
              counts.push(count);
              if (count < 3) values.next(10 * count);
              else subscription.unsubscribe();
            },
          }),
        )
        .subscribe();
      for (const value of [1, 2, 3, 4]) values.next(value);
      expect(counts).to.deep.equal([1, 2, 3]);
      expect(values.observed).to.equal(false);
    });
  }

  it('counts anew for every subscription', () => {
    const counts: number[] = [];
    const bounded$ = from([1, 2, 3]).pipe(
      concatMapBounded(() => NEVER, {
        capacity: 1,
        overflow: 'dropNewest',
        dropped: (count) => counts.push(count),
      }),
    );
    bounded$.subscribe();
    bounded$.subscribe();
    expect(counts).to.deep.equal([1, 1]);
  });
});
