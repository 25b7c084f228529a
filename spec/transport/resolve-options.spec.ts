import { expect } from 'chai';
import { describe, it } from 'mocha';
import { setTimeout as delay } from 'node:timers/promises';
import type { Observable } from 'rxjs';
import { EMPTY, firstValueFrom, NEVER, of, throwError } from 'rxjs';
import { ConnectionError, hasErrorKind } from '../../lib/errors.js';
import { resolveOptions } from '../../lib/transport/resolve-options.js';
import { failureOf } from '../helpers/failure-of.js';
import {
  advance,
  cold,
  expectObservable,
  expectSubscriptions,
  flush,
  record,
  test,
  timers,
} from '../helpers/test.js';

const first = { attempt: 0, error: undefined };
const resolve$ = (url: unknown, deadline?: number | false): Observable<object> =>
  resolveOptions({ url }, first, deadline);

const cause = new Error('secret');
const throwing = () => {
  throw cause;
};

async function* values(closed: string[]) {
  try {
    await delay(1);
    yield 'first';
    yield 'second';
  } finally {
    closed.push('closed');
  }
}

/** The reader of a stream whose chunks cannot be iterated over, as browsers have it. */
const readerOf =
  (...chunks: string[]) =>
  () => ({
    read: () => Promise.resolve({ done: chunks.length === 0, value: chunks.shift() }),
    releaseLock: () => undefined,
  });

describe('resolveOptions', () => {
  const plain = [new URL('ws://a'), 'ws://a', '', ['a', 'b'], { a: 1 }, {}, 0, false, null];
  for (const value of [...plain, undefined])
    test(`gives the value ${JSON.stringify(value)} as it is, at once`, () => {
      for (const given of [value, () => value, of(value), () => of(value)])
        expect(record(resolve$(given)).log).to.deep.equal([
          [0, { url: value }],
          [0, 'complete'],
        ]);
    });

  const foreign = { '@@observable': () => of('first', 'second') };
  const streams: Readonly<Record<string, unknown>> = {
    'an Observable of another library': foreign,
    'a function that gives such an Observable': () => foreign,
    'a promise of a function': () => Promise.resolve('first'),
    'a promise': Promise.resolve('first'),
    'a thenable': () => ({ then: (resolve: (value: string) => void) => resolve('first') }),
    'an iterable': () => new Set(['first', 'second']),
    'a stream that is not iterable': () => ({ getReader: readerOf('first', 'second') }),
    'a stream': () => new Blob(['first']).stream().pipeThrough(new TextDecoderStream()),
  };
  for (const [what, value] of Object.entries(streams))
    it(`takes the first value of ${what}`, async () => {
      expect(await firstValueFrom(resolve$(value))).to.deep.equal({ url: 'first' });
    });

  it('takes the first value of an async iterable, and no more', async () => {
    const closed: string[] = [];
    expect(await firstValueFrom(resolve$(() => values(closed)))).to.deep.equal({ url: 'first' });
    await delay(1);
    expect(closed).to.deep.equal(['closed']);
  });

  test('tells a function why it is asked, on every subscription and not before', () => {
    const asked: unknown[] = [];
    const context = { attempt: 3, error: new ConnectionError('refused') };
    const answer$ = resolveOptions({ url: (why: unknown) => asked.push(why) }, context);
    expect(asked).to.have.length(0);
    expect([record(answer$).values, record(answer$).values]).to.deep.equal([
      [{ url: 1 }],
      [{ url: 2 }],
    ]);
    expect(asked[0]).to.equal(context);
  });

  test('asks for all values together, takes the first of each, and waits for the last', () => {
    const [a$, b$] = [cold('-----a'), cold('--b-c')];
    const both$ = resolveOptions({ a: a$, b: () => b$, c: 'c' }, first);
    expectObservable(both$).toBe('-----(r|)', { r: { a: 'a', b: 'b', c: 'c' } });
    expectSubscriptions(a$.subscriptions).toBe('^----!');
    expectSubscriptions(b$.subscriptions).toBe('^-!');
  });

  test('leaves the other values when one fails, and all when it is unsubscribed from', () => {
    const other$ = cold('-----a');
    const failing$ = resolveOptions({ a: other$, b: cold('--#') }, first);
    expectObservable(failing$).toBe('--#', undefined, { name: 'ConnectionError' });
    expectSubscriptions(other$.subscriptions).toBe('^-!');
    const never$ = cold('-');
    expectObservable(resolve$(never$), '^--!').toBe('-');
    expectSubscriptions(never$.subscriptions).toBe('^--!');
    flush();
    expect(timers()).to.equal(0);
  });

  const failing: Readonly<Record<string, readonly [value: unknown, cause: string]>> = {
    'a function throws': [throwing, 'Error'],
    'an Observable errors': [throwError(throwing), 'Error'],
    'the Observable of a function errors': [() => throwError(throwing), 'Error'],
    'a promise rejects': [() => Promise.reject(cause), 'Error'],
    'an Observable is empty': [EMPTY, 'EmptyError'],
    'the Observable of a function is empty': [() => EMPTY, 'EmptyError'],
    'an iterable is empty': [() => new Set(), 'EmptyError'],
    'an Observable never emits': [NEVER, 'TimeoutError'],
  };
  for (const [how, [value, name]] of Object.entries(failing))
    it(`errors when ${how}, and does not show why`, async () => {
      const error = await failureOf(resolve$(value, 5), 'ConnectionError');
      expect(error.message).to.equal('could not connect: `url` did not give a value');
      expect(error.cause).to.have.property('name', name);
      if (name === 'Error') expect(error.cause).to.equal(cause);
      expect(hasErrorKind(error, 'misconfiguration')).to.equal(true);
    });

  for (const [deadline, ms] of [
    [undefined, 10_000],
    [300, 300],
    [0, 0],
  ] as const)
    test(`waits ${ms} ms for an answer with a deadline of ${String(deadline)}`, () => {
      const { log } = record(resolve$(NEVER, deadline));
      advance(ms + 1);
      expect(log).to.deep.equal([[ms, 'error', 'ConnectionError']]);
      expect(timers()).to.equal(0);
    });

  test('waits for ever with the deadline false', () => {
    const { log } = record(resolve$(NEVER, false));
    expect(timers()).to.equal(0);
    advance(3_600_000);
    expect(log).to.deep.equal([]);
  });
});
