import { expect } from 'chai';
import { describe, it } from 'mocha';
import type { Observable } from 'rxjs';
import { EMPTY, NEVER, of, throwError } from 'rxjs';
import { ConnectionError, hasErrorKind } from '../../lib/errors.js';
import { resolveOptions } from '../../lib/transport/resolve-options.js';
import { virtually } from '../helpers/virtually.js';

const first = { attempt: 0, error: undefined };
const resolve$ = (url: unknown, deadline?: number | false): Observable<object> =>
  resolveOptions({ url }, first, deadline);

describe('resolveOptions', () => {
  const url = new URL('ws://example.org');
  for (const value of [
    'ws://example.org',
    '',
    url,
    ['a', 'b'],
    { a: 1 },
    {},
    0,
    false,
    null,
    undefined,
  ])
    it(
      `gives the value ${value === undefined ? 'undefined' : JSON.stringify(value)} as it is, at once`,
      virtually(({ record }) => {
        for (const given of [value, () => value, of(value), () => of(value)])
          expect(record(resolve$(given)).log).to.deep.equal([
            [0, { url: value }],
            [0, 'complete'],
          ]);
      }),
    );

  it(
    'tells a function why it is asked, on every subscription and not before',
    virtually(({ record }) => {
      const asked: unknown[] = [];
      const context = { attempt: 3, error: new ConnectionError('refused') };
      const answer$ = resolveOptions({ url: (why: unknown) => asked.push(why) }, context);
      expect(asked).to.have.length(0);
      expect([record(answer$).values, record(answer$).values]).to.deep.equal([
        [{ url: 1 }],
        [{ url: 2 }],
      ]);
      expect(asked[0]).to.equal(context);
    }),
  );

  it(
    'takes the first value of an Observable, and no more',
    virtually(({ cold, expectObservable, expectSubscriptions }) => {
      const source$ = cold('--a-b--|');
      expectObservable(resolve$(source$)).toBe('--(r|)', { r: { url: 'a' } });
      expectSubscriptions(source$.subscriptions).toBe('^-!');
    }),
  );

  it(
    'takes the first value of an Observable of another library',
    virtually(({ record }) => {
      const foreign = { '@@observable': () => of('a', 'b') };
      for (const given of [foreign, () => foreign])
        expect(record(resolve$(given)).values).to.deep.equal([{ url: 'a' }]);
    }),
  );

  it(
    'asks for all values together, and waits for the last',
    virtually(({ cold, expectObservable, expectSubscriptions }) => {
      const [a$, b$] = [cold('-----a'), cold('--b')];
      const both$ = resolveOptions({ a: a$, b: () => b$, c: 'c' }, first);
      expectObservable(both$).toBe('-----(r|)', { r: { a: 'a', b: 'b', c: 'c' } });
      expectSubscriptions(a$.subscriptions).toBe('^----!');
      expectSubscriptions(b$.subscriptions).toBe('^-!');
    }),
  );

  it(
    'asks no more when it is unsubscribed from',
    virtually(({ cold, expectObservable, expectSubscriptions }) => {
      const source$ = cold('-----a');
      expectObservable(resolve$(source$), '^--!').toBe('----');
      expectSubscriptions(source$.subscriptions).toBe('^--!');
    }),
  );

  it(
    'leaves no timer when it is unsubscribed from',
    virtually(({ record, timers }) => {
      const recording = record(resolve$(NEVER));
      expect(timers()).to.equal(1);
      recording.unsubscribe();
      expect(timers()).to.equal(0);
    }),
  );

  describe('errors', () => {
    const cause = new Error('secret');
    const failing: [how: string, value: unknown, cause: string | Error][] = [
      [
        'a function throws',
        () => {
          throw cause;
        },
        cause,
      ],
      ['an Observable errors', throwError(() => cause), cause],
      ['a function’s Observable errors', () => throwError(() => cause), cause],
      ['an Observable is empty', EMPTY, 'EmptyError'],
      ['a function’s Observable is empty', () => EMPTY, 'EmptyError'],
    ];
    for (const [how, value, expected] of failing)
      it(
        `when ${how}, in the next turn`,
        virtually(({ record, advance }) => {
          const recording = record(resolve$(value));
          expect(recording.log).to.deep.equal([]);
          advance(0);
          expect(recording.log).to.deep.equal([[0, 'error', 'ConnectionError']]);
          const { error } = recording;
          expect(error.message).to.equal('could not connect: `url` did not give a value');
          expect(typeof expected === 'string' ? (error.cause as Error).name : error.cause).to.equal(
            expected,
          );
          expect(hasErrorKind(error, 'misconfiguration')).to.equal(true);
        }),
      );

    it(
      'when one value fails, and leaves the others',
      virtually(({ cold, expectObservable, expectSubscriptions }) => {
        const other$ = cold('-----a');
        const both$ = resolveOptions({ a: other$, b: cold('--#') }, first);
        expectObservable(both$).toBe('--#', undefined, { name: 'ConnectionError' });
        expectSubscriptions(other$.subscriptions).toBe('^-!');
      }),
    );

    for (const [deadline, ms] of [
      [undefined, 10_000],
      [300, 300],
      [0, 0],
    ] as const)
      it(
        `after ${ms} ms without an answer, with a deadline of ${String(deadline)}`,
        virtually(({ record, advance, timers }) => {
          const recording = record(resolve$(NEVER, deadline));
          advance(ms + 1);
          expect(recording.log).to.deep.equal([[ms, 'error', 'ConnectionError']]);
          expect(recording.error.message).to.equal('could not connect: `url` did not give a value');
          expect(recording.error.cause).to.include({ name: 'TimeoutError' });
          expect(hasErrorKind(recording.error, 'misconfiguration')).to.equal(true);
          expect(timers()).to.equal(0);
        }),
      );

    it(
      'never, with the deadline false',
      virtually(({ record, advance, timers }) => {
        const recording = record(resolve$(NEVER, false));
        expect(timers()).to.equal(0);
        advance(3_600_000);
        expect(recording.log).to.deep.equal([]);
      }),
    );
  });
});
