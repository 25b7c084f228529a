import { expect } from 'chai';
import fc from 'fast-check';
import { describe, it } from 'mocha';
import type { KeyOptions } from '../../lib/operation/request-key.js';
import { createRequestKey } from '../../lib/operation/request-key.js';
import { prepareRequest } from '../../lib/protocol/request.js';

const query = 'subscription { a }';
const key = createRequestKey();
const keyOf = (request: object, options: KeyOptions & { resend?: boolean } = { replacer: null }) =>
  key(prepareRequest({ query, ...request }, options), options);
const expectSame = (one: object, other: object, options?: KeyOptions) =>
  expect(keyOf(one, options)).to.equal(keyOf(other, options));
const expectDifferent = (one: object, other: object, options?: KeyOptions) =>
  expect(keyOf(one, options)).not.to.equal(keyOf(other, options));

describe('createRequestKey', () => {
  it('tells documents, names and options apart', () => {
    expectSame({}, { query });
    expectSame({}, { query: new String(query) });
    expectSame({}, { operationName: null });
    expectDifferent({}, { query: `${query} ` });
    expectDifferent({}, { operationName: 'A' });
    const base = keyOf({});
    expect(keyOf({}, { replacer: null, resend: true })).to.equal(base);
    expect(keyOf({}, { replacer: null, onServerComplete: 'complete' })).to.equal(base);
    expect(keyOf({}, { replacer: null, resend: false })).not.to.equal(base);
    expect(keyOf({}, { replacer: null, onServerComplete: 'restart' })).not.to.equal(base);
  });

  for (const field of ['variables', 'extensions']) {
    const same = (one: unknown, other: unknown, options?: KeyOptions) =>
      expectSame({ [field]: one }, { [field]: other }, options);
    const different = (one: unknown, other: unknown, options?: KeyOptions) =>
      expectDifferent({ [field]: one }, { [field]: other }, options);

    it(`compares ${field} as they are sent, whatever the order of their keys`, () => {
      same(undefined, null);
      same({ a: 1, b: { c: [1, { d: 2, e: 3 }] } }, { b: { c: [1, { e: 3, d: 2 }] }, a: 1 });
      same({ a: undefined, b: new Date(0) }, { b: '1970-01-01T00:00:00.000Z' });
      different(undefined, {});
      different({ a: 1 }, { a: 2 });
      different({ a: [1, 2] }, { a: [2, 1] });
      different({ a: 1 }, { a: '1' });
      different({ a: null }, {});
      different({ a: {} }, { a: [] });
    });

    it(`is not fooled by names in ${field} that objects have of their own`, () => {
      const parse = (text: string): unknown => JSON.parse(text);
      different(parse('{"__proto__":{"a":1}}'), {});
      different(parse('{"__proto__":{"a":1}}'), parse('{"__proto__":{"a":2}}'));
      same(parse('{"__proto__":1,"b":2}'), parse('{"b":2,"__proto__":1}'));
      same({ 10: 1, 9: 2, a: 3 }, { a: 3, 9: 2, 10: 1 });
    });

    it(`compares what the replacer makes of ${field}`, () => {
      const replacer = (name: string, value: unknown) => (name === 'secret' ? undefined : value);
      same({ a: 1, secret: 1 }, { a: 1, secret: 2 }, { replacer });
      different({ a: 1, secret: 1 }, { a: 2, secret: 1 }, { replacer });
    });

    it(`compares functions for ${field} by identity`, () => {
      const [one, other] = [() => ({ a: 1 }), () => ({ a: 1 })];
      same(one, one);
      different(one, other);
      different(one, { a: 1 });
      different(one, undefined);
    });

    it(`compares what JSON does not tell of ${field} by identity`, () => {
      const cycle: { a?: unknown } = {};
      cycle.a = cycle;
      const other = { ...cycle };
      // it has been looked at before
      const replacer = null;
      const unseen = (value: unknown) =>
        key({ ...prepareRequest({ query }), [field]: value }, { replacer });
      expect(unseen(cycle)).to.equal(unseen(cycle));
      expect(unseen(cycle)).not.to.equal(unseen(other));
    });

    it(`takes ${field} that a codec of the user’s writes for equal only if any codec would`, () => {
      const codecs = {};
      const nested = () => ({ a: [1, true, null, { b: 'c' }], d: Object.create(null) as object });
      same(nested(), nested(), codecs);
      different(nested(), { ...nested(), d: 1 }, codecs);
      const unlike: readonly unknown[] = [
        new Map(),
        new Date(0),
        new Uint8Array(1),
        undefined,
        1n,
        NaN,
        Symbol.iterator,
        () => 1,
        { toJSON: () => 1 },
      ];
      for (const a of unlike) {
        different({ a }, { a }, codecs);
        different({ a: [a] }, { a: [a] }, codecs);
        const variables = { a };
        same(variables, variables, codecs);
      }
    });
  }

  it('does not mistake variables for extensions', () => {
    expectDifferent({ variables: { a: 1 } }, { extensions: { a: 1 } });
    const both = () => ({});
    expectDifferent({ variables: both }, { extensions: both });
  });

  it('is equal for the same JSON, and for no other', () => {
    const shuffled = (value: unknown): unknown => {
      if (Array.isArray(value)) return value.map(shuffled);
      if (typeof value !== 'object' || value === null) return value;
      return Object.fromEntries(
        Object.entries(value)
          .reverse()
          .map(([name, each]) => [name, shuffled(each)]),
      );
    };
    const anyVariables = fc.dictionary(fc.string(), fc.jsonValue());
    fc.assert(
      fc.property(anyVariables, anyVariables, (one, other) => {
        for (const options of [{ replacer: null }, {}]) {
          // -0 is 0 in JSON
          const [a, b] = [one, other].map((each) => JSON.parse(JSON.stringify(each)) as object);
          expectSame({ variables: a }, { variables: shuffled(a) }, options);
          let equal = true;
          try {
            expect(a).to.deep.equal(b);
          } catch {
            equal = false;
          }
          expect(keyOf({ variables: a }, options) === keyOf({ variables: b }, options)).to.equal(
            equal,
          );
        }
      }),
      { numRuns: 200 },
    );
  });
});
