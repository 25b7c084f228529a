import { expect } from 'chai';
import { describe, it } from 'mocha';
import { type Gap, isGap, recover } from 'rx-graphql-ws/recovery';
import { gap, marbleEqual } from 'rx-graphql-ws/testing';
import { map, throwError } from 'rxjs';
import { cold, expectObservable, flush, record, runVirtually, test } from '../helpers/test.js';
import { resending, row, type Row } from '../recovery/rows.js';

/** Rows with a gap from 1 to 2 ms between them. */
const rows$ = (more = {}) =>
  recover<Row[], object, Row>(resending('-1g-2'), 'subscription { k }', {
    rows: (data) => data,
    ...more,
  });

/** The message of the failure when the rows are expected to be others. */
function failure(marbles: string, values: object): string {
  try {
    runVirtually(() => {
      expectObservable(rows$()).toBe(marbles, { 1: row(1), 2: row(2), ...values });
      flush();
    });
  } catch (error) {
    return (error as Error).message;
  }
  return 'nothing was thrown';
}

const legend = (message: string) => message.split('\n').slice(1);

describe('gap()', () => {
  for (const members of [{}, { since: 1 }, { until: 2 }, { since: 1, until: 2, error: undefined }])
    it(`is a gap with ${JSON.stringify(members)} in marbles`, () => {
      expect(failure('-1g-2', { g: gap(members) })).to.equal('nothing was thrown');
    });

  it('is a gap with the members of an error', () => {
    runVirtually(() => {
      const backfill = () => throwError(() => new RangeError('the history is down'));
      const failing$ = rows$({ backfill, key: ({ k }: Row) => k });
      const error = { name: 'RangeError' };
      expectObservable(failing$).toBe('-1--(g2)', { 1: row(1), 2: row(2), g: gap({ error }) });
    });
  });

  it('names the members that are others', () => {
    expect(legend(failure('-1g-2', { g: gap({ since: 0 }) }))).to.deep.equal([
      '  expected  -ab-c',
      '  actual    -ad-c',
      '  a = {"k":1}',
      '  b = gap({"since":0})',
      '  c = {"k":2}',
      '  d = gap({"since":1,"until":2})',
    ]);
  });

  it('names a gap where there is none, and a row where a gap is expected', () => {
    expect(legend(failure('-1--2', {}))).to.include('  c = gap({"since":1,"until":2})');
    expect(legend(failure('-1g-g', { g: gap() })).slice(0, 3)).to.deep.equal([
      '  expected  -ab-c',
      '  actual    -ab-d',
      '  a = {"k":1}',
    ]);
    expect(failure('-1g-g', { g: gap() })).to.contain('  c = gap()\n  d = {"k":2}');
  });

  it('is nothing without the mark of a gap', () => {
    for (const other of [{ since: 1, until: 2 }, undefined, null, 7])
      expect(() =>
        runVirtually(() => {
          expectObservable(cold('g', { g: other })).toBe('g', { g: gap() });
        }),
      ).to.throw('gap()');
  });

  it('tells apart two that differ, though one matches more', () => {
    const values = { g: gap(), h: gap({ since: 5 }) };
    expect(() =>
      runVirtually(() => {
        expectObservable(cold('--gg', { g: gap({ since: 1, until: 2 }) })).toBe('-gh', values);
      }),
    ).to.throw('  a = gap()\n  b = gap({"since":5})\n  c = gap({"since":1,"until":2})');
  });

  test('equals a gap with the same times, for `deep.equal` of chai', () => {
    const { values } = record(rows$());
    flush();
    expect(values).to.deep.equal([row(1), gap({ since: 1, until: 2 }), row(2)]);
    expect(values).to.not.deep.equal([row(1), gap({ since: 0, until: 2 }), row(2)]);
  });

  test('is a gap for code that is given one', () => {
    const given: Gap = gap({ since: 1, until: 2 });
    const shown$ = cold('r-g', { r: row(1), g: given }).pipe(map(isGap));
    expectObservable(shown$).toBe('n-y', { n: false, y: true });
  });

  it('is an asymmetric matcher, as Jest and Vitest know them', () => {
    const matcher = gap({ since: 1 }) as unknown as {
      $$typeof: symbol;
      asymmetricMatch(actual: unknown): boolean;
      toAsymmetricMatcher(): string;
    };
    expect(matcher.$$typeof).to.equal(Symbol.for('jest.asymmetricMatcher'));
    expect(matcher.toAsymmetricMatcher()).to.equal('gap({"since":1})');
    expect(matcher.asymmetricMatch(gap({ since: 1, until: 2 }))).to.equal(true);
    for (const other of [gap({ since: 2 }), { since: 1 }, undefined])
      expect(matcher.asymmetricMatch(other)).to.equal(false);
  });

  it('refuses members that a gap has not', () => {
    expect(() => gap({ form: 1 } as object)).to.throw(TypeError, /gap: unknown member `form`/);
    expect(() => gap(1 as never)).to.throw(TypeError, /`members of gap` to be an object/);
  });
});

describe('marbleEqual', () => {
  /** As `expect.any(Number)`, of Jest. */
  const anyNumber = {
    asymmetricMatch: (value: unknown) => typeof value === 'number',
    toAsymmetricMatcher: () => 'Any<Number>',
  };

  test('asks the asymmetric matchers of Jest and Vitest, in any depth', () => {
    expectObservable(cold('a', { a: { price: [7] } })).toBe('a', { a: { price: [anyNumber] } });
  });

  it('shows them as those do', () => {
    expect(() =>
      marbleEqual(
        [{ frame: 0, notification: { kind: 'N', value: 'x' } }],
        [{ frame: 0, notification: { kind: 'N', value: anyNumber } }],
      ),
    ).to.throw('  a = Any<Number>');
  });
});
