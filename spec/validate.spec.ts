import { expect } from 'chai';
import { describe, it } from 'mocha';
import { ConfigurationError } from '../lib/errors.js';
import {
  callUser,
  checkAll,
  expected,
  isFunction,
  isObject,
  kindOf,
  must,
} from '../lib/validate.js';

const values: [value: unknown, kind: string, shown: string][] = [
  ['5s', 'string', '`"5s"` (string)'],
  ['a\n"', 'string', '`"a\\n\\""` (string)'],
  ['', 'string', '`""` (string)'],
  ['x'.repeat(100), 'string', `\`"${'x'.repeat(59)}\` (string)`],
  [-1, 'number', '`-1` (number)'],
  [NaN, 'number', '`NaN` (number)'],
  [true, 'boolean', '`true` (boolean)'],
  [1n, 'bigint', '`1` (bigint)'],
  [Symbol('s'), 'symbol', '`Symbol(s)` (symbol)'],
  [undefined, 'undefined', 'undefined'],
  [null, 'null', 'null'],
  [['secret'], 'array', 'array'],
  [{ secret: 1 }, 'object', 'object'],
  [new Date(), 'object', 'object'],
  [() => 'secret', 'function', 'function'],
  [Promise.resolve('secret'), 'promise', 'promise'],
  [{ then: () => undefined }, 'promise', 'promise'],
  [{ then: 1 }, 'object', 'object'],
];

describe('expected', () => {
  for (const [value, kind, shown] of values)
    it(`names ${shown}, and of a secret the kind alone: ${kind}`, () => {
      for (const [secret, got] of [
        [false, shown],
        [true, kind],
      ] as const)
        expect(expected('a', 'a number', value, secret))
          .to.be.instanceOf(ConfigurationError)
          .that.includes({ option: 'a', message: `expected \`a\` to be a number, got ${got}` });
    });
});

describe('kindOf', () => {
  for (const [value, kind] of values)
    it(`is ${kind} of ${String(value).slice(0, 20)}`, () => {
      expect(kindOf(value)).to.equal(kind);
    });
});

describe('isObject', () => {
  it('is true of objects that are neither null, nor arrays, nor promises', () => {
    const objects = values.filter(([value]) => isObject(value)).map(([, kind]) => kind);
    expect(objects).to.deep.equal(['object', 'object', 'object']);
  });
});

describe('isFunction', () => {
  it('is true of functions', () => {
    expect(values.filter(([value]) => isFunction(value)).map(([, kind]) => kind)).to.deep.equal([
      'function',
    ]);
  });
});

describe('must', () => {
  const positive = must('positive', (value) => Number(value) > 0);

  it('lets what passes the test', () => {
    expect(() => positive('a', 1)).not.to.throw();
  });

  it('throws for what does not', () => {
    expect(() => positive('a', -1))
      .to.throw(ConfigurationError)
      .with.property('message', 'expected `a` to be positive, got `-1` (number)');
  });

  it('does not show a secret', () => {
    expect(() => must('short', () => false, true)('a', 'secret'))
      .to.throw(ConfigurationError)
      .with.property('message', 'expected `a` to be short, got string');
  });
});

describe('checkAll', () => {
  const checked: unknown[] = [];
  const note = (option: string, value: unknown) => checked.push([option, value]);
  const checks = { url: note, ackTimeout: note, pongTimeout: note };

  it('checks what is given, under its full name', () => {
    checkAll('option', { url: 1, ackTimeout: null, pongTimeout: undefined }, checks, 'a.');
    expect(checked.splice(0)).to.deep.equal([
      ['a.url', 1],
      ['a.ackTimeout', null],
    ]);
  });

  for (const [name, nearest] of [
    ['uri', 'url'],
    ['URL', 'url'],
    ['acktimeout', 'ackTimeout'],
    ['URLs', 'url'],
    ['timeout', 'ackTimeout'],
  ] as const)
    it(`throws for ${JSON.stringify(name)}, and names ${nearest}`, () => {
      expect(() => checkAll('option', { [name]: undefined }, checks, 'a.'))
        .to.throw(ConfigurationError)
        .that.includes({
          option: `a.${name}`,
          message: `unknown option \`a.${name}\`: did you mean \`a.${nearest}\`?`,
        });
    });

  for (const name of ['x', '', 'constructor', 'toString', 'u'.repeat(1_000)])
    it(`throws for ${JSON.stringify(name).slice(0, 20)}, which is like none, and names all`, () => {
      expect(() => checkAll('option', { [name]: undefined }, checks, 'a.'))
        .to.throw(ConfigurationError)
        .that.includes({
          option: `a.${name}`,
          message: `unknown option \`a.${name}\`: known are a.url, a.ackTimeout, a.pongTimeout`,
        });
    });

  it('throws for __proto__', () => {
    const given: unknown = JSON.parse('{"__proto__":1}');
    expect(() => checkAll('option', given, checks)).to.throw('unknown option `__proto__`');
  });

  for (const [value, kind] of values.filter(([given]) => !isObject(given)))
    it(`throws for ${kind} instead of options`, () => {
      expect(() => checkAll('option', value, checks))
        .to.throw(ConfigurationError)
        .that.includes({
          option: 'options',
          message: `expected \`options\` to be an object, got ${kind}`,
        });
    });
});

describe('callUser', () => {
  it('gives what the function gives', () => {
    expect(callUser('print', () => 7)).to.equal(7);
  });

  it('throws when it throws, with the cause', () => {
    const cause = new Error('secret');
    const failing = () => {
      throw cause;
    };
    expect(() => callUser('print', failing))
      .to.throw(ConfigurationError)
      .that.includes({ option: 'print', message: 'the function `print` failed', cause });
  });
});
