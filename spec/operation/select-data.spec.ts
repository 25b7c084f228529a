import { expect } from 'chai';
import { describe, it } from 'mocha';
import { map, take } from 'rxjs';
import type { SelectDataOptions } from '../../lib/operation/results.js';
import { selectData } from '../../lib/operation/results.js';
import type { ExecutionResult } from '../../lib/types.js';
import { virtually } from '../helpers/virtually.js';

const errors = [{ message: 'no', path: ['a'] }, { message: 'more' }];
const results = {
  a: { data: { n: 1 } },
  b: { data: { n: 2 }, extensions: { cost: 1 } },
  e: { data: { n: 3 }, errors },
  n: { data: null, errors },
  o: { errors },
  z: { data: null },
  i: { hasNext: false },
  m: { data: { n: 4 }, errors: [] },
  u: { data: { n: 5 }, errors: null },
} as unknown as Record<string, ExecutionResult>;
const data = { a: { n: 1 }, b: { n: 2 }, e: { n: 3 }, m: { n: 4 }, u: { n: 5 }, z: null };

const selecting = (source: string, selected: string, options?: SelectDataOptions) =>
  virtually(({ cold, expectObservable }) => {
    const result$ = cold(source, results);
    const error = source.endsWith('#') ? 'error' : { name: 'OperationError' };
    expectObservable(result$.pipe(selectData(options))).toBe(selected, data, error);
  });

describe('selectData', () => {
  it('emits data', selecting('                        -a-b-|', '-a-b-|'));
  it('never emits for nothing', selecting('           ------', '------'));
  it('completes for nothing', selecting('             --|', '   --|'));
  it('passes on an error', selecting('                a-#', '   a-#'));
  it('emits data that is null', selecting('           z-|', '   z-|'));
  it('passes over a result without data', selecting(' ai|', '   a-|'));
  it('takes no errors for none', selecting('          mu|', '   mu|'));

  const ignore = { errorPolicy: 'ignore' } as const;
  it('errors for a result with errors', selecting('   ae--a', ' a#'));
  it('errors for errors alone', selecting('           o', '     #'));
  it('passes data beside errors with ignore', selecting('ae|', 'ae|', ignore));
  it('passes no null with ignore', selecting('        nzoa|', ' ---a|', ignore));
  it('takes undefined for none', selecting('          ae', '    a#', { errorPolicy: undefined }));

  it(
    'errors with all errors, and the partial data',
    virtually(({ cold, record, advance }) => {
      for (const [marble, partial] of [
        ['e', { n: 3 }],
        ['n', null],
        ['o', undefined],
      ] as const) {
        const failed = record(cold(marble, results).pipe(selectData()));
        advance(0);
        expect(failed.error).to.deep.include({ name: 'OperationError', errors });
        expect((failed.error as { data?: unknown }).data).to.deep.equal(partial);
      }
    }),
  );

  it(
    'lets go of the source at the first error, and when it is left early',
    virtually(({ cold, expectObservable, expectSubscriptions }) => {
      const failing$ = cold('-e-a', results);
      expectObservable(failing$.pipe(selectData())).toBe('-#', undefined, {
        name: 'OperationError',
      });
      expectSubscriptions(failing$.subscriptions).toBe('^!');
      const left$ = cold('a-a-a', results);
      expectObservable(left$.pipe(selectData()), '^--!').toBe('a-a', data);
      expectSubscriptions(left$.subscriptions).toBe('^--!');
      const taken$ = cold('-a-a-a', results);
      expectObservable(taken$.pipe(selectData(), take(1))).toBe('-(a|)', data);
      expectSubscriptions(taken$.subscriptions).toBe('^!');
    }),
  );

  it(
    'makes errors of whatever the server calls so',
    virtually(({ cold, record, advance }) => {
      const odd = { s: 'text', o: { message: 'one' }, n: [null] };
      for (const [marble, expected] of [
        ['s', 'text'],
        ['o', 'one'],
        ['n', 'unknown error'],
      ] as const) {
        const result = { [marble]: { errors: odd[marble] } as unknown as ExecutionResult };
        const failed = record(cold(marble, result).pipe(selectData()));
        advance(0);
        expect(failed.error).to.have.nested.property('errors[0].message', expected);
      }
    }),
  );
});

describe('a consumer of data', () => {
  it(
    'leaves what is thrown further down to those who throw it',
    virtually(({ cold, expectObservable }) => {
      const thrown$ = cold('ab', { a: 'a', b: 'b' }).pipe(
        map((data) => ({ data })),
        selectData(),
        map((value) => {
          if (value === 'b') throw new RangeError('mine');
          return value;
        }),
      );
      expectObservable(thrown$).toBe('a#', undefined, { name: 'RangeError' });
    }),
  );
});
