import { expect } from 'chai';
import { describe, it } from 'mocha';
import { concat, concatWith, from, map, NEVER, of, Subject, timer, type Observable } from 'rxjs';
import {
  concatMapBounded,
  ConfigurationError,
  graphqlSocket,
  isGraphQLSocketError,
  type Bounded,
} from 'rx-graphql-ws';
import { fakeSocket, GraphQLSocketTestingController } from 'rx-graphql-ws/testing';
import { adaptConnection } from '../../lib/connection/connection.js';
import { expectObservable, flush, hot, test } from '../helpers/test.js';
import { fakeConnection } from '../helpers/fake-connection.js';

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

const project = (value: unknown) => of(value);
const right: Bounded = { capacity: 1, overflow: 'dropNewest' };
const paused = { ...right, overflow: 'pause' };
const socket = graphqlSocket({ url: 'ws://peer', webSocketImpl: fakeSocket() });
const capacity = 'expected `capacity` to be a whole number ≥ 0, got';
const overflow = "expected `overflow` to be 'error', 'dropOldest', 'dropNewest' or 'pause', got";
const ours = 'expected `socket` to be a socket object of `graphqlSocket`, got';

const wrong: readonly (readonly [given: unknown, option: string, message: string])[] = [
  [undefined, 'options', 'expected `options` to be an object, got undefined'],
  [null, 'options', 'expected `options` to be an object, got null'],
  [5, 'options', 'expected `options` to be an object, got number'],
  [{}, 'capacity', `${capacity} undefined`],
  [{ overflow: 'error' }, 'capacity', `${capacity} undefined`],
  [{ ...right, capacity: -1 }, 'capacity', `${capacity} \`-1\` (number)`],
  [{ ...right, capacity: 1.5 }, 'capacity', `${capacity} \`1.5\` (number)`],
  [{ ...right, capacity: NaN }, 'capacity', `${capacity} \`NaN\` (number)`],
  [{ ...right, capacity: Infinity }, 'capacity', `${capacity} \`Infinity\` (number)`],
  [{ ...right, capacity: '5' }, 'capacity', `${capacity} \`"5"\` (string)`],
  [{ capacity: 5 }, 'overflow', `${overflow} undefined`],
  [{ ...right, overflow: 'drop' }, 'overflow', `${overflow} \`"drop"\` (string)`],
  [{ ...right, overflow: ['error'] }, 'overflow', `${overflow} array`],
  [{ ...right, dropped: 5 }, 'dropped', 'expected `dropped` to be a function, got `5` (number)'],
  [{ ...right, capcity: 5 }, 'capcity', 'unknown option `capcity`: did you mean `capacity`?'],
  [{ ...right, x: 5 }, 'x', 'unknown option `x`: known are capacity, overflow, dropped, socket'],
  [paused, 'socket', `${ours} undefined`],
  [{ ...paused, socket: null }, 'socket', `${ours} null`],
  [{ ...paused, socket: {} }, 'socket', `${ours} object`],
  [{ ...paused, socket: { connection$: [] } }, 'socket', `${ours} object`],
  [{ ...paused, socket: 'ws://example.org' }, 'socket', `${ours} string`],
  [{ ...right, socket: { connection$: undefined } }, 'socket', `${ours} object`],
];

describe('concatMapBounded', () => {
  for (const [given, option, message] of wrong)
    it(`refuses ${option}: ${message}`, () => {
      expect(() => concatMapBounded(project, given as Bounded))
        .to.throw(ConfigurationError)
        .that.includes({ option, message });
    });

  it('refuses a `project` that is none', () => {
    expect(() => concatMapBounded(5 as never, right))
      .to.throw(ConfigurationError)
      .that.includes({
        option: 'project',
        message: 'expected `project` to be a function, got `5` (number)',
      });
  });

  it('takes socket objects, copies of them, and those of a testing controller', () => {
    for (const given of [socket, { ...socket }, new GraphQLSocketTestingController()])
      expect(concatMapBounded(project, { capacity: 0, overflow: 'pause', socket: given })).to.be.a(
        'function',
      );
  });

  it('takes a socket object of another build of the package', () => {
    let paused = 0;
    const connection = Object.assign(adaptConnection(fakeConnection()), {
      pausable: true,
      pause: () => (paused += 1),
      resume: () => (paused -= 1),
    });
    const elsewhere = { ...socket, current$: concat(of(connection), NEVER) };
    const subscription = from([1, 2])
      .pipe(
        concatWith(NEVER),
        concatMapBounded(() => NEVER, { capacity: 1, overflow: 'pause', socket: elsewhere }),
      )
      .subscribe();
    expect(paused).to.equal(1);
    subscription.unsubscribe();
    expect(paused).to.equal(0);
  });

  it('takes a socket where none is needed', () => {
    expect(concatMapBounded(project, { ...right, socket } as Bounded)).to.be.a('function');
  });

  it('does not heed what is changed afterwards', () => {
    const options: Bounded = { capacity: 1, overflow: 'dropNewest' };
    const operator = concatMapBounded((value: number) => of(value), options);
    options.capacity = NaN;
    const results: number[] = [];
    from([1, 2])
      .pipe(operator)
      .subscribe((result) => results.push(result));
    expect(results).to.deep.equal([1, 2]);
  });
});
