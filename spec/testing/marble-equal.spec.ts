import { expect } from 'chai';
import { describe, it } from 'mocha';
import type { RunHelpers } from 'rxjs/testing';
import { fails, failure, run } from './marble-test.js';

const symbol = Symbol('key');

class Price {
  readonly value: number;
  constructor(value: number) {
    this.value = value;
  }
}

function cycle(value: number) {
  const made: Record<string, unknown> = { value };
  made.self = made;
  return made;
}

const compare =
  (actual: unknown, expected: unknown) =>
  ({ cold, expectObservable }: RunHelpers) => {
    expectObservable(cold('-a|', { a: actual })).toBe('-a|', { a: expected });
  };
const compareErrors =
  (actual: unknown, expected: unknown) =>
  ({ cold, expectObservable }: RunHelpers) => {
    expectObservable(cold('-#', {}, actual)).toBe('-#', {}, expected);
  };

describe('marbleEqual', () => {
  for (const [what, make] of [
    ['texts', () => 'x'],
    ['objects', () => ({ b: [1, { c: null }] })],
    ['dates', () => new Date(0)],
    ['numbers', () => NaN],
    ['maps', () => new Map([[1, { b: 2 }]])],
    ['sets', () => new Set(['b'])],
    ['bytes', () => Uint8Array.of(1, 2)],
    ['URLs', () => new URL('ws://a')],
    ['regular expressions', () => /a/g],
    ['members under symbols', () => ({ [symbol]: 1 })],
    ['cycles', () => cycle(1)],
  ] as const)
    it(`accepts equal ${what}`, run(compare(make(), make())));

  for (const [what, one, other] of [
    ['value', { b: 1 }, { b: 2 }],
    ['cycle', cycle(1), cycle(2)],
    ['number of members', { b: 1 }, { b: 1, c: undefined }],
    ['number of members than expected', { b: 1, c: 2 }, { b: 1 }],
    ['kind of object', [1], { 0: 1 }],
    ['date', new Date(0), new Date(1)],
    ['value than null', { b: 1 }, null],
    ['value than a text', { b: 1 }, '{"b":1}'],
    ['Map', new Map([[1, 2]]), new Map([[1, 3]])],
    ['Set', new Set([1]), new Set([2])],
    ['regular expression', /a/, /b/],
    ['URL', new URL('ws://a'), new URL('ws://b')],
    ['ArrayBuffer', Uint8Array.of(1).buffer, Uint8Array.of(2).buffer],
    ['member under a symbol', { [symbol]: 1 }, { [symbol]: 2 }],
    ['class', new Price(1), { value: 1 }],
    ['prototype', Object.assign(Object.create(null) as object, { b: 1 }), { b: 1 }],
    ['zero', { b: -0 }, { b: 0 }],
    ['number than a bigint', { b: 1 }, { b: 1n }],
    ['number than null', { b: NaN }, { b: null }],
    ['error', { b: new Error('c') }, { b: new Error('d') }],
  ] as const)
    it(`refuses another ${what}, and shows the difference`, () => {
      const message = fails(compare(one, other));
      expect(message).to.match(/^marbles differ:\n/);
      const [, shown, besides] = /  a = (.*)\n  b = (.*)$/.exec(message) ?? [];
      const visible = !['cycle', 'member under a symbol', 'ArrayBuffer'].includes(what);
      if (visible) expect(shown).to.not.equal(besides);
    });

  const tooMuch = () => Object.assign(new RangeError('too much'), { code: 7 });

  for (const expected of [
    { name: 'RangeError' },
    { message: 'too much', code: 7 },
    {},
    tooMuch(),
    new RangeError('too much'),
  ])
    it(
      `accepts an error with the members of ${JSON.stringify(expected)}`,
      run(compareErrors(tooMuch(), expected)),
    );

  for (const [what, expected] of [
    ['name', { name: 'TypeError' }],
    ['member', { code: 8 }],
    ['further member', { status: 1 }],
    ['message', new RangeError('too little')],
    ['class', new TypeError('too much')],
    ['type of value', 'too much'],
  ] as const)
    it(`refuses an error with another ${what}`, () => {
      const message = fails(compareErrors(tooMuch(), expected));
      expect(message).to.contain('actual    -#   # = RangeError: too much {"code":7}');
    });

  it('draws both diagrams, with a legend', () => {
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
    expect(error).to.include({ expected: '-a--b 100ms r-(r|)', actual: '-a--(ba)-r|' });
  });

  it('gives runners the errors of both', () => {
    expect(failure(compareErrors(new RangeError('too much'), { name: 'TypeError' }))).to.include({
      expected: '-#   # = {"name":"TypeError"}',
      actual: '-#   # = RangeError: too much',
    });
  });

  it('tells the text of a digit from the number', () => {
    const message = fails(({ cold, expectObservable }) => {
      expectObservable(cold('1')).toBe('1', { 1: 1 });
    });
    expect(message).to.contain('expected  a\n').and.to.contain('actual    1\n');
    expect(message).to.contain('  a = 1\n').and.to.contain('  1 = "1"');
  });

  it('draws "?" when no letter is left, and explains 30 values', () => {
    const message = fails(({ cold, expectObservable }) => {
      const letters = Array.from('abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0');
      const values = Object.fromEntries(letters.map((letter, n) => [letter, { n }]));
      expectObservable(cold(Object.keys(values).join(''), values)).toBe('');
    });
    expect(message).to.contain('expected  (nothing)\n');
    expect(message).to.match(/actual {4}[a-zA-Z]{52}\?\n/);
    expect(message.split('\n')).to.have.length(34);
    expect(message).to.match(/\n {2}… and 23 more$/);
  });

  it('shows values without JSON, and the beginning of long ones', () => {
    const values = { a: cycle(1), b: undefined, c: 1n, d: 'x'.repeat(300), e: new Error('own') };
    const message = fails(({ cold, expectObservable }) => {
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

  it('shows the times of subscriptions', () => {
    const message = fails(({ cold, expectObservable, expectSubscriptions }) => {
      const source$ = cold('-a-');
      expectObservable(source$, '^--!').toBe('-a');
      expectSubscriptions(source$.subscriptions).toBe(['^-!', '^---']);
    });
    expect(message.split('\n')).to.deep.equal([
      'marbles differ:',
      '  expected  ^ 0ms ! 2ms, ^ 0ms ! never',
      '  actual    ^ 0ms ! 3ms',
    ]);
    const never = fails(({ cold, expectSubscriptions }) => {
      expectSubscriptions(cold('-a-').subscriptions).toBe('^-!');
    });
    expect(never).to.contain('actual    (nothing)');
  });
});
