import { expect } from 'chai';
import { describe, it } from 'mocha';
import type { Codec } from 'rx-graphql-ws';
import { ConfigurationError } from 'rx-graphql-ws';
import type { CodecDialect } from 'rx-graphql-ws/testing';
import { codecContract } from 'rx-graphql-ws/testing';
import { good, goodDialect } from './app-sync.js';
import { pipes, pipesDialect } from './pipes.js';

const caseOf = (part: string, codec: Codec, dialect: CodecDialect = goodDialect()) =>
  codecContract(codec, dialect).find(({ name }) => name.includes(part))!;
const namesOf = (dialect?: CodecDialect) => codecContract(good, dialect).map(({ name }) => name);

describe('codecContract', function () {
  this.timeout(20_000);

  describe('accepts AppSync, in any order', () => {
    const cases = codecContract(good, goodDialect()).slice().reverse();
    for (const { name, run } of cases) it(name, run);
  });

  describe('accepts a dialect without JSON', () => {
    for (const { name, run } of codecContract(pipes, pipesDialect)) it(name, run);
  });

  it('accepts AppSync without a dialect', () => {
    // The case that is left out takes a second, and the same frames are read in others.
    for (const { name, run } of codecContract(good)) if (!name.includes('added character')) run();
  });

  it('accepts no frame for the end of an operation', () => {
    const encode: Codec['encode'] = (message) =>
      message.type === 'complete' ? '' : good.encode(message);
    caseOf('ids of complete', { ...good, encode }).run();
  });

  it('accepts a result that is the frame itself, with the fields that nobody knows', () => {
    const decode: Codec['decode'] = (frame) => {
      const { type, id, ...result } = JSON.parse(frame) as { type: string; id: string };
      if (type !== 'row') return good.decode(frame);
      return { type: 'next', id, payload: { text: JSON.stringify(result), decode: () => result } };
    };
    const next = (id: string, result: object) => ({ type: 'row', id, ...result });
    caseOf('unknown fields', { ...good, decode }, { next }).run();
  });

  it('gives the error of the codec as the cause', () => {
    const cause = new TypeError('mine');
    const decode = () => {
      throw cause;
    };
    const { run } = caseOf('text that is no frame', { ...good, decode });
    expect(run).to.throw().with.property('cause', cause);
  });

  it('calls nothing before a case runs', () => {
    const called = () => expect.fail('called');
    const cases = codecContract({ ...good, encode: called, decode: called }, goodDialect());
    expect(cases).to.have.length.above(40);
  });

  it('has cases for the given members of the dialect only', () => {
    const alone = namesOf();
    const asked = (dialect: CodecDialect) =>
      namesOf(dialect).filter((name) => !alone.includes(name));
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

  it('leaves Object.prototype clean after a codec that pollutes it', () => {
    const decode = (frame: string) => {
      (Object.prototype as Record<string, unknown>).polluted = 1;
      return good.decode(frame);
    };
    caseOf('an end with any id', { ...good, decode }).run();
    expect(Object.keys(Object.prototype)).to.deep.equal([]);
  });

  const wrong = 'expected `codec` to have encode and decode, got ';
  const misspelt = () => codecContract(good, { nexxt: 'data' } as CodecDialect);
  const of = (codec: unknown) => () => codecContract(codec as Codec);
  for (const [what, make, option, message] of [
    ['an unknown member', misspelt, 'dialect', '`dialect.nexxt`: did you mean `dialect.next`?'],
    ['no codec', of(undefined), 'codec', `${wrong}undefined`],
    ['a factory', of(() => good), 'codec', `${wrong}a function: give what it returns`],
    ['half a codec', of({ encode: () => '' }), 'codec', `${wrong}{}`],
  ] as const)
    it(`refuses ${what}`, () => {
      expect(make).to.throw(ConfigurationError, message).with.property('option', option);
    });
});
