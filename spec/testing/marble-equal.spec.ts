import { expect } from 'chai';
import { describe, it } from 'mocha';
import { compare, compareIn as run, failure } from './comparison.js';

const symbol = Symbol('key');
describe('marbleEqual', () => {
  for (const [what, values] of Object.entries({
    texts: { a: 'x' },
    objects: { a: { b: [1, { c: null }] } },
    dates: { a: new Date(0) },
    numbers: { a: NaN },
    maps: { a: new Map([[1, { b: 2 }]]) },
    sets: { a: new Set(['b']) },
    bytes: { a: Uint8Array.of(1, 2) },
  }))
    it(`lets equal ${what} pass`, () => {
      run(({ cold, expectObservable }) => {
        expectObservable(cold<unknown>('-a|', structuredClone(values))).toBe('-a|', values);
      });
    });

  it('lets equal addresses, expressions, and members under symbols pass', () => {
    for (const make of [() => new URL('ws://a'), () => /a/g, () => ({ [symbol]: 1 })])
      run(({ cold, expectObservable }) => {
        expectObservable(cold<unknown>('a', { a: make() })).toBe('a', { a: make() });
      });
  });

  it('compares cycles as far as they go', () => {
    const cycle = (value: number) => {
      const made: Record<string, unknown> = { value };
      made.self = made;
      return made;
    };
    const compared = (one: object, other: object) => {
      run(({ cold, expectObservable }) => {
        expectObservable(cold('a', { a: one })).toBe('a', { a: other });
      });
    };
    compared(cycle(1), cycle(1));
    expect(() => {
      compared(cycle(1), cycle(2));
    }).to.throw('marbles differ:');
  });

  it('lets an error pass that has what was expected', () => {
    for (const expected of [
      { name: 'RangeError' },
      { message: 'too much', code: 7 },
      {},
      Object.assign(new RangeError('too much'), { code: 7 }),
      new RangeError('too much'),
    ])
      run(
        compare('-#', '-#', {}, [Object.assign(new RangeError('too much'), { code: 7 }), expected]),
      );
  });

  it('draws both, with a legend', () => {
    const error = failure(({ cold, expectObservable }) => {
      const values = { p: { price: 1 }, q: { price: 2 }, r: 'r' };
      expectObservable(cold('-p--(qp)-r|', values)).toBe('-p--q 100ms r-(r|)', values);
    });
    expect(error.message.split('\n')).to.deep.equal([
      'marbles differ:',
      '  expected  -a--b 100ms r-(r|)',
      '  actual    -a--(ba)-r|',
      '  a = {"price":1}',
      '  b = {"price":2}',
    ]);
    expect(error).to.deep.include({
      expected: '-a--b 100ms r-(r|)',
      actual: '-a--(ba)-r|',
    });
  });

  it('shows the errors of both, for the difference that a runner prints', () => {
    const thrown = [new RangeError('too much'), { name: 'TypeError' }];
    expect(failure(compare('-#', '-#', {}, thrown))).to.include({
      expected: '-#   # = {"name":"TypeError"}',
      actual: '-#   # = RangeError: too much',
    });
  });

  it('tells the text of a digit from the number', () => {
    const { message } = failure(({ cold, expectObservable }) => {
      expectObservable(cold('1')).toBe('1', { 1: 1 });
    });
    expect(message).to.contain('expected  a\n').and.to.contain('actual    1\n');
    expect(message).to.contain('  a = 1\n').and.to.contain('  1 = "1"');
  });

  it('draws nothing as nothing', () => {
    const { message } = failure(compare('-a', '--'));
    expect(message).to.contain('expected  (nothing)\n').and.to.contain('actual    -a');
  });

  it('runs out of letters, not of marbles', () => {
    const { message } = failure(({ cold, expectObservable }) => {
      const values = Object.fromEntries(
        Array.from('abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0', (letter, n) => [
          letter,
          { n },
        ]),
      );
      expectObservable(cold(Object.keys(values).join(''), values)).toBe('');
    });
    expect(message).to.match(/actual {4}[a-zA-Z]{52}\?\n/);
    expect(message.split('\n')).to.have.length(34);
    expect(message).to.match(/\n {2}… and 23 more$/);
  });

  it('shows values that have no JSON, and long ones up to a point', () => {
    const cycle: Record<string, unknown> = {};
    cycle.self = cycle;
    const values = { a: cycle, b: undefined, c: 1n, d: 'x'.repeat(300), e: new Error('own') };
    const { message } = failure(({ cold, expectObservable }) => {
      expectObservable(cold('abcde', values)).toBe('');
    });
    expect(message.split('\n').slice(3)).to.deep.equal([
      '  a = [object Object]',
      '  b = undefined',
      '  c = 1n',
      `  d = "${'x'.repeat(199)}…`,
      '  e = Error: own',
    ]);
  });

  it('compares subscriptions, and says when they were', () => {
    const { message } = failure(({ cold, expectObservable, expectSubscriptions }) => {
      const source$ = cold('-a-');
      expectObservable(source$, '^--!').toBe('-a');
      expectSubscriptions(source$.subscriptions).toBe(['^-!', '^---']);
    });
    expect(message.split('\n')).to.deep.equal([
      'marbles differ:',
      '  expected  ^ 0ms ! 2ms, ^ 0ms ! never',
      '  actual    ^ 0ms ! 3ms',
    ]);
  });

  it('says when there was no subscription', () => {
    const { message } = failure(({ cold, expectSubscriptions }) => {
      expectSubscriptions(cold('-a-').subscriptions).toBe('^-!');
    });
    expect(message).to.contain('expected  ^ 0ms ! 2ms').and.to.contain('actual    (nothing)');
  });
});
