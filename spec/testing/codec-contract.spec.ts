import { expect } from 'chai';
import { describe, it } from 'mocha';
import type { Codec } from 'rx-graphql-ws';
import type { CodecCase, CodecDialect } from 'rx-graphql-ws/testing';
import { codecContract } from 'rx-graphql-ws/testing';
import { appSync, appSyncDialect } from './app-sync.js';
import type { Broken } from './codec-contract/broken.js';
import { good, goodDialect } from './codec-contract/broken.js';
import { brokenDecoding } from './codec-contract/broken-decoding.js';
import { brokenEncoding } from './codec-contract/broken-encoding.js';
import { flat, flatDialect } from './codec-contract/flat.js';
import { pipes, pipesDialect } from './codec-contract/pipes.js';

/** An error as a runner sees it. */
type Failure = Error & { readonly expected: unknown; readonly actual: unknown };

const isOfDecode = ({ name }: CodecCase) => /^(decode|a result)/.test(name);
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
      const failures = failuresOf(codecContract(codec, dialect).filter(concerned));
      const names = [...failures.keys()];
      expect(names.filter((name) => !fails.some((pattern) => pattern.test(name)))).to.deep.equal(
        [],
      );
      for (const pattern of fails)
        expect(
          names.some((name) => pattern.test(name)),
          String(pattern),
        ).to.equal(true);
      const [first] = failures.values();
      expect(first?.message).to.contain(says);
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
  for (const broken of brokenDecoding()) isBroken(broken, isOfDecode);

  it('has no case that cannot fail', () => {
    const names = codecContract(good, goodDialect()).map(({ name }) => name);
    expect(names.filter((name) => !failed.has(name))).to.deep.equal([]);
  });
});
