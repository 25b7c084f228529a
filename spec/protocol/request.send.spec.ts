import { expect } from 'chai';
import { describe, it } from 'mocha';
import { ConfigurationError } from '../../lib/errors.js';
import { notSerialisable, prepareRequest, toSentRequest } from '../../lib/protocol/request.js';

const query = 'subscription { a }';
const send = (request: object) => toSentRequest(prepareRequest({ query, ...request }));

describe('toSentRequest', () => {
  it('has no field that was not given', () => {
    expect(Object.keys(send({}))).to.deep.equal(['query']);
    expect(Object.keys(send({ variables: undefined, extensions: undefined }))).to.deep.equal([
      'query',
    ]);
  });

  it('has every field that was', () => {
    const request = { variables: { a: 1 }, operationName: 'A', extensions: { b: 2 } };
    expect(send(request)).to.deep.equal({ query, ...request });
  });

  it('has empty fields, too', () => {
    const request = { variables: {}, operationName: '', extensions: {} };
    expect(send(request)).to.deep.equal({ query, ...request });
  });

  for (const field of ['variables', 'extensions'] as const) {
    it(`asks a function for ${field} every time`, () => {
      let calls = 0;
      const prepared = prepareRequest({ query, [field]: () => ({ call: (calls += 1) }) as never });
      expect(calls).to.equal(0);
      expect(toSentRequest(prepared)[field]).to.deep.equal({ call: 1 });
      expect(toSentRequest(prepared)[field]).to.deep.equal({ call: 2 });
    });

    for (const nothing of [undefined, null])
      it(`has no ${field} where the function gives ${String(nothing)}`, () => {
        expect(send({ [field]: () => nothing })).to.deep.equal({ query });
      });

    for (const [value, kind] of [
      [Promise.resolve({}), 'promise'],
      ['secret', 'string'],
      [['secret'], 'array'],
      [1, 'number'],
      [() => ({}), 'function'],
    ] as const)
      it(`throws when the function for ${field} gives a ${kind}`, () => {
        expect(() => send({ [field]: () => value }))
          .to.throw(ConfigurationError)
          .that.includes({
            option: field,
            message: `expected \`${field}\` to be a function that returns an object, got ${kind}`,
          });
      });

    it(`throws when the function for ${field} throws, with the cause`, () => {
      const cause = new Error('secret');
      const failing = () => {
        throw cause;
      };
      expect(() => send({ [field]: failing }))
        .to.throw(ConfigurationError)
        .that.includes({ option: field, message: `the function \`${field}\` failed`, cause });
    });
  }
});

describe('notSerialisable', () => {
  const cycle: Record<string, unknown> = {};
  cycle.self = cycle;
  const cause = new TypeError('no');

  for (const [what, value] of [
    ['a BigInt', { block: 1n }],
    ['a cycle', cycle],
  ] as const) {
    it(`blames the variables for ${what} in them`, () => {
      const error = notSerialisable({ query, variables: value, extensions: {} }, cause);
      expect(error).to.be.instanceOf(ConfigurationError).that.includes({
        option: 'variables',
        message: '`variables` cannot be serialised',
        cause,
      });
    });

    it(`blames the extensions for ${what} in them`, () => {
      const error = notSerialisable({ query, variables: {}, extensions: value }, cause);
      expect(error).to.include({
        option: 'extensions',
        message: '`extensions` cannot be serialised',
        cause,
      });
    });
  }

  it('blames the variables where there are no extensions', () => {
    expect(notSerialisable({ query, variables: {} }, cause).option).to.equal('variables');
  });
});
