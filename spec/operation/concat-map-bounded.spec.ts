import { expect } from 'chai';
import { describe, it } from 'mocha';
import {
  concat,
  concatMap,
  defer,
  EMPTY,
  finalize,
  from,
  map,
  merge,
  NEVER,
  of,
  range,
  retry,
  Subject,
  take,
  throwError,
  timer,
  type ObservableInput,
  type OperatorFunction,
} from 'rxjs';
import type { Bounded } from 'rx-graphql-ws';
import { concatMapBounded } from 'rx-graphql-ws';
import { advance, hot, record, test, timers } from '../helpers/test.js';

type Project = (value: string, index: number) => ObservableInput<string>;

const roomy: Bounded = { capacity: 1_000, overflow: 'error' };
const boom = () => throwError(() => new Error('boom'));
const throws = () => {
  throw new Error('boom');
};

const projects: readonly (readonly [name: string, project: Project])[] = [
  ['slowly', (value) => timer(3).pipe(map(() => value))],
  ['to many', (value, index) => from([value, `${value}${index}`])],
  ['to what comes and goes', (value) => concat(of(value), timer(2).pipe(map(() => `${value}!`)))],
  ['to nothing', () => EMPTY],
  ['for ever', () => NEVER],
  ['to an error, later', () => timer(2).pipe(concatMap(boom))],
  ['to an error, at once', boom],
  ['to what is no stream', () => 7 as unknown as ObservableInput<string>],
  ['and throws', throws],
  [
    'and throws at the second',
    (value, index) => (index === 1 ? throws() : timer(3).pipe(map(() => value))),
  ],
];
const sources = [
  '------',
  '--|',
  '--#',
  'a---|',
  'a-b-c----',
  'abc|',
  'ab-(cdef|)',
  '(abc|)',
  'ab-#',
  'a----#',
];

describe('concatMapBounded', () => {
  test('calls `project` without `this`, because its state is ours', () => {
    const seen: unknown[] = [];
    const project = function (this: unknown) {
      seen.push(this);
      return EMPTY;
    };
    record(of('a').pipe(concatMapBounded(project, roomy)));
    expect(seen).to.deep.equal([undefined]);
  });

  describe('with room enough, is concatMap', () => {
    for (const [name, project] of projects)
      test(`projecting ${name}`, () => {
        /** All that can be seen of it from without. */
        const seen = (
          source: string,
          left: number,
          operate: (project: Project) => OperatorFunction<string, string>,
        ) => {
          const values$ = hot(source);
          const begun: unknown[] = [];
          const noting: Project = (value, index) => {
            begun.push([value, index]);
            return from(project(value, index)).pipe(finalize(() => begun.push(`end of ${value}`)));
          };
          const { log, unsubscribe } = record(values$.pipe(operate(noting)));
          const from0 = values$.subscriptions[0]!.subscribedFrame;
          advance(left);
          unsubscribe();
          advance(20);
          expect(timers()).to.equal(0);
          return {
            begun,
            log: log.map(([at, ...what]) => [(at as number) - from0, ...what]),
            left: values$.subscriptions[0]!.unsubscribedFrame - from0,
          };
        };
        for (const source of sources)
          for (const left of [4, 15])
            for (const overflow of ['error', 'dropOldest', 'dropNewest'] as const)
              expect(
                seen(source, left, (noting) => concatMapBounded(noting, { capacity: 9, overflow })),
                source,
              ).to.deep.equal(seen(source, left, (noting) => concatMap(noting)));
      });
  });

  it('takes what a Promise, an array or an iterator gives', async () => {
    const given: ObservableInput<number>[] = [Promise.resolve(1), [2, 3], new Set([4]).values()];
    const results: number[] = [];
    await from(given)
      .pipe(concatMapBounded((input) => input, roomy))
      .forEach((result) => results.push(result));
    expect(results).to.deep.equal([1, 2, 3, 4]);
  });

  it('stops a source, and an inner stream, that emits without end, when the consumer has enough', () => {
    const results: number[] = [];
    range(0, Infinity)
      .pipe(
        concatMapBounded((value) => of(value), roomy),
        take(3),
      )
      .subscribe((result) => results.push(result));
    of(0)
      .pipe(
        concatMapBounded(() => range(10, Infinity), roomy),
        take(2),
      )
      .subscribe((result) => results.push(result));
    expect(results).to.deep.equal([0, 1, 2, 10, 11]);
  });

  it('stops a source without end at the error', () => {
    let pulled = 0;
    const errors: unknown[] = [];
    function* values() {
      for (;;) yield (pulled += 1);
    }
    from(values())
      .pipe(concatMapBounded(() => NEVER, { capacity: 2, overflow: 'error' }))
      .subscribe({ error: (error: unknown) => errors.push(error) });
    expect([pulled, errors.length]).to.deep.equal([4, 1]);
  });

  it('works off thousands that end at once without growing the stack', () => {
    const gate = new Subject<never>();
    let handled = 0;
    merge(of(gate), from(Array.from({ length: 20_000 }, () => EMPTY)))
      .pipe(
        concatMapBounded((inner$) => inner$.pipe(finalize(() => (handled += 1))), {
          capacity: 20_000,
          overflow: 'error',
        }),
      )
      .subscribe();
    expect(handled).to.equal(0);
    gate.complete();
    expect(handled).to.equal(20_001);
  });

  it('takes what the consumer, or `project`, feeds back', () => {
    const values = new Subject<number>();
    const log: unknown[] = [];
    values
      .pipe(
        concatMapBounded((value, index) => {
          log.push([value, index]);
          if (value === 1) values.next(10);
          return of(value);
        }, roomy),
      )
      .subscribe({
        next(value) {
          log.push(value);
          if (value === 1) values.next(20);
          if (value === 20) values.complete();
        },
        complete: () => log.push('|'),
      });
    values.next(1);
    expect(log).to.deep.equal([[1, 0], 1, [10, 1], 10, [20, 2], 20, '|']);
  });

  it('begins nothing once `project` has unsubscribed', () => {
    const values = new Subject<number>();
    let begun = 0;
    const subscription = values
      .pipe(
        concatMapBounded(() => {
          subscription.unsubscribe();
          return defer(() => {
            begun += 1;
            return NEVER;
          });
        }, roomy),
      )
      .subscribe();
    values.next(1);
    expect([begun, values.observed]).to.deep.equal([0, false]);
  });

  it('begins afresh with every subscription', () => {
    let attempt = 0;
    const log: unknown[] = [];
    const source$ = defer(() => {
      attempt += 1;
      return attempt < 3 ? range(0, 9) : of('a', 'b');
    });
    source$
      .pipe(
        concatMapBounded(
          (value, index) =>
            value === 'b' ? EMPTY : concat(of([value, index]), attempt < 3 ? NEVER : EMPTY),
          { capacity: 2, overflow: 'error' },
        ),
        retry(),
      )
      .subscribe({ next: (result) => log.push(result), complete: () => log.push('|') });
    expect(log).to.deep.equal([[0, 0], [0, 0], ['a', 0], '|']);
  });
});
