import { expect } from 'chai';
import { describe, it } from 'mocha';
import {
  callback,
  checkAll,
  deadline,
  duration,
  flag,
  kindOf,
  limitOf,
  must,
  oneOf,
  type Check,
} from '../../../lib/testing/server/check.js';

const number = 'expected `a` to be a number of milliseconds ≥ 0';

describe('check', () => {
  const checks: Record<
    string,
    [Check, readonly unknown[], readonly (readonly [unknown, string])[]]
  > = {
    callback: [callback, [() => 1], [[1, 'expected `a` to be a function, got 1 (number)']]],
    flag: [flag, [true, false], [['yes', 'expected `a` to be a boolean, got "yes" (string)']]],
    duration: [
      duration,
      [0, 1.5, 2 ** 31 - 1],
      [
        ['5s', `${number}, got "5s" (string)`],
        [-1, `${number}, got -1 (number)`],
        [NaN, `${number}, got NaN (number)`],
        [2 ** 31, `${number}, got 2147483648 (number)`],
        [1n, `${number}, got 1 (bigint)`],
        [false, `${number}, got false (boolean)`],
      ],
    ],
    deadline: [
      deadline,
      [0, false],
      [
        [true, `${number} or false, got true (boolean)`],
        [null, `${number} or false, got null`],
        [[1], `${number} or false, got array`],
        [{}, `${number} or false, got object`],
      ],
    ],
    oneOf: [
      oneOf('x', 1, false),
      ['x', 1, false],
      [['y', 'expected `a` to be \'x\', 1 or false, got "y" (string)']],
    ],
    limitOf: [
      limitOf('things', 1),
      [false, 1, 7],
      [
        [0, 'expected `a` to be a number of things ≥ 1 or false, got 0 (number)'],
        [1.5, 'expected `a` to be a number of things ≥ 1 or false, got 1.5 (number)'],
      ],
    ],
    'must with a secret': [
      must('right', () => false, true),
      [],
      [['tok', 'expected `a` to be right, got string']],
    ],
  };
  for (const [name, [check, right, wrong]] of Object.entries(checks)) {
    for (const value of right)
      it(`${name} accepts ${String(value)}`, () => {
        check('a', value);
      });
    for (const [value, message] of wrong)
      it(`${name} refuses ${kindOf(value)} ${String(value)}`, () => {
        expect(() => {
          check('a', value);
        }).to.throw(TypeError, message);
      });
  }

  it('shows no more than the beginning of a text', () => {
    expect(() => {
      flag('a', 'x'.repeat(100));
    }).to.throw(`got "${'x'.repeat(60)}" (string)`);
  });

  it('checkAll checks each option that was given, under its full name', () => {
    const all = (given: unknown) => () => {
      checkAll('feed', given, { rate: duration, seed: flag }, 'feed.');
    };
    all({})();
    all({ rate: 1, seed: undefined })();
    expect(all({ rate: -1 })).to.throw(TypeError, /^expected `feed.rate` to be a number of/);
    expect(all({ rates: 1 })).to.throw(
      TypeError,
      /^unknown option `feed.rates`: did you mean `feed.rate`\?$/,
    );
    expect(all({ zzz: 1 })).to.throw(
      TypeError,
      /^unknown option `feed.zzz`: there are rate, seed$/,
    );
    expect(all({ constructor: 1 })).to.throw(TypeError, /^unknown option `feed.constructor`/);
    for (const [given, got] of [
      [null, 'null'],
      [[], 'array'],
      ['x', 'string'],
    ] as const)
      expect(all(given)).to.throw(TypeError, `expected \`feed\` to be an object, got ${got}`);
  });
});
