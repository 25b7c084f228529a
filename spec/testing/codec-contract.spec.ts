import { expect } from 'chai';
import { describe, it } from 'mocha';
import type { Codec } from 'rx-graphql-ws';
import { ConfigurationError } from 'rx-graphql-ws';
import type { CodecCase, CodecDialect } from 'rx-graphql-ws/testing';
import { codecContract } from 'rx-graphql-ws/testing';
import { appSync, appSyncDialect } from './app-sync.js';
import type { Broken } from './codec-contract/broken.js';
import { good, goodDialect } from './codec-contract/broken.js';
import { brokenEncoding } from './codec-contract/broken-encoding.js';
import { brokenFrames } from './codec-contract/broken-frames.js';
import { brokenMessages } from './codec-contract/broken-messages.js';
import { brokenResults } from './codec-contract/broken-results.js';
import { flat, flatDialect } from './codec-contract/flat.js';
import { pipes, pipesDialect } from './codec-contract/pipes.js';

/** An error as a runner sees it. */
type Failure = Error & { readonly expected: unknown; readonly actual: unknown };

const isOfDecode = ({ name }: CodecCase) => /^(decode|a result)/.test(name);
/** Every character of every frame changed: tried where it is to fail. */
const isSlow = ({ name }: CodecCase) => /JSON no longer|a character changed/.test(name);
const isOfEncode = (one: CodecCase) => !isOfDecode(one);

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

describe('codecContract', () => {
  const authorization = { host: 'example.org', 'x-api-key': 'k' };
  const dialects: [string, Codec, CodecDialect][] = [
    ['AppSync', appSync(authorization), appSyncDialect(authorization)],
    ['a dialect without payloads', flat, flatDialect],
    ['a dialect that is no JSON', pipes, pipesDialect],
  ];
  for (const [what, codec, dialect] of dialects) {
    describe(`is kept by ${what}`, () => {
      for (const { name, run } of codecContract(codec, dialect)) it(name, run);
    });

    it(`is kept by ${what}, of which nothing is told`, () => {
      expect([...failuresOf(codecContract(codec)).keys()]).to.deep.equal([]);
    });
  }

  const failed = new Set<string>();
  const isBroken = (
    { fault, codec, dialect = goodDialect(), fails, says }: Broken,
    concerned: (one: CodecCase) => boolean,
  ) => {
    it(`is not kept by a codec that ${fault}`, () => {
      const isNamed = ({ name }: CodecCase) => fails.some((pattern) => pattern.test(name));
      const isTried = (one: CodecCase) => concerned(one) && (!isSlow(one) || isNamed(one));
      const failures = failuresOf(codecContract(codec, dialect).filter(isTried));
      const names = [...failures.keys()];
      expect(names.filter((name) => !fails.some((pattern) => pattern.test(name)))).to.deep.equal(
        [],
      );
      for (const pattern of fails)
        expect(
          names.some((name) => pattern.test(name)),
          String(pattern),
        ).to.equal(true);
      const messages = [...failures.values()].map(({ message }) => message);
      expect(messages.join('\n')).to.contain(says);
      for (const [name, { name: kind, message, expected, actual }] of failures) {
        expect(kind, name).to.equal('AssertionError');
        expect(message).to.contain(
          `\n  expected  ${String(expected)}\n  actual    ${String(actual)}`,
        );
        failed.add(name);
      }
    });
  };
  for (const broken of brokenEncoding()) isBroken(broken, isOfEncode);
  for (const broken of [...brokenFrames(), ...brokenMessages(), ...brokenResults()])
    isBroken(broken, isOfDecode);

  it('has no case that cannot fail', () => {
    const names = codecContract(good, goodDialect()).map(({ name }) => name);
    expect(names.filter((name) => !failed.has(name))).to.deep.equal([]);
  });

  it('has the error of the codec as the cause of its own', () => {
    const own = new TypeError('mine');
    const codec = {
      ...good,
      decode: () => {
        throw own;
      },
    };
    const [first] = failuresOf(codecContract(codec).filter(isOfDecode)).values();
    expect(first).to.have.property('cause', own);
  });

  it('refuses a dialect with a member that there is not', () => {
    const dialect = { sends: [], nexxt: 'data' } as CodecDialect;
    expect(() => codecContract(flat, dialect))
      .to.throw(ConfigurationError, 'unknown member `dialect.nexxt`: did you mean `dialect.next`?')
      .with.property('option', 'dialect');
  });

  it('runs nothing by itself', () => {
    const called = () => expect.fail('called');
    expect(
      codecContract({ ...good, encode: called, decode: called }, goodDialect()),
    ).to.have.length.above(100);
  });

  it('asks for what it is told of', () => {
    const alone = codecContract(good).map(({ name }) => name);
    const asked = (dialect: CodecDialect) =>
      codecContract(good, dialect)
        .map(({ name }) => name)
        .filter((name) => !alone.includes(name) && !/reads the same|JSON no longer/.test(name));
    expect(asked({})).to.deep.equal([]);
    expect(asked({ sends: [] })).to.deep.equal([
      'sends has a sample of every message of a client’s',
    ]);
    for (const [kind, what] of Object.entries({
      next: /result|data|the type/,
      error: /error|the type/,
      complete: /end|complete|the type/,
    })) {
      const names = asked({ [kind]: kind === 'next' ? 'data' : kind });
      expect(names).to.have.length.above(10);
      expect(names.filter((name) => !what.test(name))).to.deep.equal([]);
    }
  });

  it('passes in any order', () => {
    const cases = codecContract(good, goodDialect()).slice().reverse();
    expect([...failuresOf(cases).keys()]).to.deep.equal([]);
  });

  it('has no two cases of one name, whatever the samples are', () => {
    const twice: CodecDialect = { foreign: ['next', 'next', 'next'] };
    const names = codecContract(good, twice).map(({ name }) => name);
    expect(new Set(names).size).to.equal(names.length);
    expect(names).to.include(`decode takes '{"type":"next"}' for nothing that it knows (3)`);
  });

  it('leaves Object.prototype clean, whatever the codec does to it', () => {
    const merging = brokenFrames().find(({ fault }) => fault.startsWith('merges'))!;
    failuresOf(codecContract(merging.codec, goodDialect()).filter(isOfDecode));
    expect(Object.keys(Object.prototype)).to.deep.equal([]);
  });

  for (const [what, given, got] of [
    ['nothing', undefined, 'got undefined'],
    ['a factory', appSync, 'got a function: give what it returns'],
    ['half a codec', { encode: () => '' }, 'got {}'],
  ] as const)
    it(`refuses ${what} for a codec`, () => {
      expect(() => codecContract(given as unknown as Codec))
        .to.throw(ConfigurationError, `expected \`codec\` to have encode and decode, ${got}`)
        .with.property('option', 'codec');
    });
});
