import { expect } from 'chai';
import { describe, it } from 'mocha';
import { ConfigurationError } from '../../lib/errors.js';
import { notSerialisable, prepareRequest, toSentRequest } from '../../lib/protocol/request.js';

const query = 'subscription { a }';
const send = (request: object) => toSentRequest(prepareRequest({ query, ...request }).request);

describe('toSentRequest', () => {
  it('has the fields that were given, empty ones too, and no others', () => {
    expect(Object.keys(send({}))).to.deep.equal(['query']);
    expect(Object.keys(send({ variables: undefined, extensions: undefined }))).to.deep.equal([
      'query',
    ]);
    for (const request of [
      { variables: { a: 1 }, operationName: 'A', extensions: { b: 2 } },
      { variables: {}, operationName: '', extensions: {} },
    ])
      expect(send(request)).to.deep.equal({ query, ...request });
  });

  for (const field of ['variables', 'extensions'] as const) {
    it(`asks a function for ${field} every time`, () => {
      let calls = 0;
      const prepared = prepareRequest({
        query,
        [field]: () => ({ call: (calls += 1) }) as never,
      }).request;
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

const cycle: Record<string, unknown> = {};
cycle.self = cycle;
const unserialisable = [
  ['a BigInt', { block: 1n }],
  ['a cycle', cycle],
] as const;

describe('prepareRequest, told how it will be sent,', () => {
  for (const field of ['variables', 'extensions'] as const)
    for (const [what, value] of unserialisable)
      it(`refuses ${what} in ${field} at once, unless it is left to the send`, () => {
        for (const replacer of [null, (_key: string, given: unknown) => given])
          expect(() => prepareRequest({ query, [field]: value }, { replacer }))
            .to.throw(ConfigurationError)
            .that.includes({ option: field, message: `\`${field}\` cannot be serialised` })
            .with.property('cause')
            .that.is.instanceOf(TypeError);
        expect(prepareRequest({ query, [field]: value }).request[field]).to.equal(value);
      });

  it('takes what the replacer makes serialisable, and calls no function', () => {
    const replacer = (_key: string, given: unknown) =>
      typeof given === 'bigint' ? String(given) : given;
    const never = (): never => {
      throw new Error('called');
    };
    for (const extensions of [{ block: 1n }, never]) {
      const { request } = prepareRequest({ query, extensions }, { replacer });
      expect(request.extensions).to.equal(extensions);
    }
  });
});

describe('notSerialisable', () => {
  const cause = new TypeError('no');

  for (const [what, value] of unserialisable)
    it(`blames the field for ${what} in it, and the variables where there are no others`, () => {
      for (const [option, request] of [
        ['variables', { query, variables: value, extensions: {} }],
        ['extensions', { query, variables: {}, extensions: value }],
        ['variables', { query, variables: {} }],
      ] as const) {
        const message = `\`${option}\` cannot be serialised`;
        expect(notSerialisable(request, cause))
          .to.be.instanceOf(ConfigurationError)
          .that.includes({ option, message, cause });
      }
    });
});
