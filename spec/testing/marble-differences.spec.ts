import { expect } from 'chai';
import { describe, it } from 'mocha';
import { compare, failure } from './comparison.js';

const symbol = Symbol('key');
class Price {
  readonly value: number;
  constructor(value: number) {
    this.value = value;
  }
}

describe('marbleEqual', () => {
  for (const [what, expected] of [
    ['by name', { name: 'TypeError' }],
    ['by a member', { code: 8 }],
    ['by a member that it has not', { status: 1 }],
    ['by the message of another', new RangeError('too little')],
    ['by the kind of another', new TypeError('too much')],
    ['from a text', 'too much'],
  ] as const)
    it(`refuses an error that differs ${what}`, () => {
      const thrown = Object.assign(new RangeError('too much'), { code: 7 });
      const { message } = failure(compare('-#', '-#', {}, [thrown, expected]));
      expect(message).to.contain('actual    -#   # = RangeError: too much {"code":7}');
    });

  for (const [what, one, other] of [
    ['another value', { b: 1 }, { b: 2 }],
    ['a member less', { b: 1 }, { b: 1, c: undefined }],
    ['a member more', { b: 1, c: 2 }, { b: 1 }],
    ['another kind', [1], { 0: 1 }],
    ['another date', new Date(0), new Date(1)],
    ['nothing', { b: 1 }, null],
    ['text', { b: 1 }, '{"b":1}'],
    ['other entries of a Map', new Map([[1, 2]]), new Map([[1, 3]])],
    ['other members of a Set', new Set([1]), new Set([2])],
    ['another regular expression', /a/, /b/],
    ['another address', new URL('ws://a'), new URL('ws://b')],
    ['other bytes', Uint8Array.of(1).buffer, Uint8Array.of(2).buffer],
    ['another member under a symbol', { [symbol]: 1 }, { [symbol]: 2 }],
    ['another class', new Price(1), { value: 1 }],
    ['no prototype', Object.assign(Object.create(null) as object, { b: 1 }), { b: 1 }],
    ['the other zero', { b: -0 }, { b: 0 }],
    ['a number for a bigint', { b: 1 }, { b: 1n }],
    ['nothing for a number', { b: NaN }, { b: null }],
    ['another error inside', { b: new Error('c') }, { b: new Error('d') }],
  ] as const)
    it(`refuses ${what}`, () => {
      const { message } = failure(({ cold, expectObservable }) => {
        expectObservable(cold('a', { a: one })).toBe('a', { a: other });
      });
      expect(message).to.match(/^marbles differ:\n/);
      const [, shown, besides] = /  a = (.*)\n  b = (.*)$/.exec(message) ?? [];
      const visible = what !== 'another member under a symbol' && what !== 'other bytes';
      if (visible) expect(shown).to.not.equal(besides);
    });
});
