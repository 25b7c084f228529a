import { expect } from 'chai';
import { describe, it } from 'mocha';
import type { Codec } from 'rx-graphql-ws';
import { ConfigurationError } from 'rx-graphql-ws';
import type { CodecCase, CodecDialect } from 'rx-graphql-ws/testing';
import { codecContract } from 'rx-graphql-ws/testing';
import { appSync, appSyncDialect } from './app-sync.js';
import type { Broken } from './codec-contract/broken.js';
import { brokenDecoding, brokenEncoding, good, goodDialect } from './codec-contract/broken.js';
import { flat, flatDialect } from './codec-contract/flat.js';
import { pipes, pipesDialect } from './codec-contract/pipes.js';

/** An error as a runner sees it. */
type Failure = Error & { readonly expected: unknown; readonly actual: unknown };

const isOfDecode = ({ name }: CodecCase) => /^(decode|a result)/.test(name);
const isOfEncode = (one: CodecCase) => !isOfDecode(one);
/** A slow case changes every character of every frame. */
const isSlow = ({ name }: CodecCase) => /no JSON any more|lost or added character/.test(name);
const needSlow = ['reads with a regular expression', 'throws the errors of JSON.parse'];

function failuresOf(cases: readonly CodecCase[]): ReadonlyMap<string, Failure> {
  const failures = new Map<string, Failure>();
  for (const { name, run } of cases) {
    try {
      run();
    } catch (error) {
      failures.set(name, error as Failure);
    }
  }
  return failures;
}

describe('codecContract', function () {
  this.timeout(20_000);
  const authorization = { host: 'example.org', 'x-api-key': 'k' };
  for (const [what, codec, dialect] of [
    ['AppSync', appSync(authorization), appSyncDialect(authorization)],
    ['a dialect without payloads', flat, flatDialect],
    ['a dialect without JSON', pipes, pipesDialect],
  ] as const) {
    describe(`accepts ${what}`, () => {
      for (const { name, run } of codecContract(codec, dialect)) it(name, run);
    });

    it(`accepts ${what} without a dialect`, () => {
      expect([...failuresOf(codecContract(codec)).keys()]).to.deep.equal([]);
    });
  }

  const failed = new Set<string>();
  const refuses = (
    [fault, codec, says, dialect = goodDialect()]: Broken,
    isConcerned: (one: CodecCase) => boolean,
  ) => {
    it(`refuses a codec that ${fault}`, () => {
      const isTried = (one: CodecCase) =>
        isConcerned(one) && (!isSlow(one) || needSlow.includes(fault));
      const failures = failuresOf(codecContract(codec, dialect).filter(isTried));
      const messages = [...failures.values()].map(({ message }) => message);
      expect(messages.join('\n')).to.contain(says);
      for (const [name, { name: kind, message, expected, actual }] of failures) {
        expect(kind, name).to.equal('AssertionError');
        const difference = `\n  expected  ${String(expected)}\n  actual    ${String(actual)}`;
        expect(message).to.contain(difference);
        failed.add(name);
      }
    });
  };
  for (const broken of brokenEncoding()) refuses(broken, isOfEncode);
  for (const broken of brokenDecoding()) refuses(broken, isOfDecode);

  it('has no case that no fault breaks', () => {
    const names = codecContract(good, goodDialect()).map(({ name }) => name);
    expect(names.filter((name) => !failed.has(name))).to.deep.equal([]);
  });

  it('gives the error of the codec as the cause', () => {
    const own = new TypeError('mine');
    const decode = () => {
      throw own;
    };
    const [first] = failuresOf(codecContract({ ...good, decode }).filter(isOfDecode)).values();
    expect(first).to.have.property('cause', own);
  });

  it('calls nothing before a case runs', () => {
    const called = () => expect.fail('called');
    const cases = codecContract({ ...good, encode: called, decode: called }, goodDialect());
    expect(cases).to.have.length.above(40);
  });

  it('has cases for the given members of the dialect only', () => {
    const alone = codecContract(good).map(({ name }) => name);
    const asked = (dialect: CodecDialect) =>
      codecContract(good, dialect)
        .map(({ name }) => name)
        .filter((name) => !alone.includes(name));
    expect(asked({})).to.deep.equal([]);
    for (const [member, value, cases] of [
      ['sends', [], 2],
      ['says', [], 1],
      ['foreign', [], 1],
      ['next', 'data', 8],
      ['error', 'error', 4],
      ['complete', 'complete', 4],
    ] as const)
      expect(asked({ [member]: value }), member).to.have.length(cases);
  });

  it('passes in any order', () => {
    const cases = codecContract(good, goodDialect()).slice().reverse();
    expect([...failuresOf(cases).keys()]).to.deep.equal([]);
  });

  it('has unique names', () => {
    const names = codecContract(good, goodDialect()).map(({ name }) => name);
    expect(new Set(names).size).to.equal(names.length);
  });

  it('leaves Object.prototype clean after a codec that pollutes it', () => {
    const [, codec] = brokenDecoding().find(([fault]) => fault === 'merges the frame')!;
    failuresOf(codecContract(codec, goodDialect()).filter((one) => !isSlow(one)));
    expect(Object.keys(Object.prototype)).to.deep.equal([]);
  });

  const refusesCodec = 'expected `codec` to have encode and decode, got ';
  for (const [what, make, option, message] of [
    [
      'an unknown member of the dialect',
      () => codecContract(flat, { nexxt: 'data' } as CodecDialect),
      'dialect',
      'unknown member `dialect.nexxt`: did you mean `dialect.next`?',
    ],
    ['no codec', () => codecContract(undefined as never), 'codec', `${refusesCodec}undefined`],
    [
      'a factory',
      () => codecContract(appSync as never),
      'codec',
      `${refusesCodec}a function: give what it returns`,
    ],
    [
      'half a codec',
      () => codecContract({ encode: () => '' } as unknown as Codec),
      'codec',
      `${refusesCodec}{}`,
    ],
  ] as const)
    it(`refuses ${what}`, () => {
      expect(make).to.throw(ConfigurationError, message).with.property('option', option);
    });
});
