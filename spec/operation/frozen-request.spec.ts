import { expect } from 'chai';
import fc from 'fast-check';
import { describe, it } from 'mocha';
import { createFreezer } from '../../lib/operation/frozen-request.js';
import type { JsonReplacer } from '../../lib/protocol/payload.js';
import { prepareRequest, toSentRequest } from '../../lib/protocol/request.js';

const query = 'subscription { a }';
const freeze = createFreezer();

/** `undefined` in place of a replacer means that a codec of the user's writes the request. */
const frozen = (request: object, replacer: JsonReplacer | null | undefined) =>
  freeze(prepareRequest({ query, ...request }, { replacer }), replacer);
const keyOf = (request: object, replacer: JsonReplacer | null = null) =>
  frozen(request, replacer).key;
const textOf = (request: object, replacer: JsonReplacer | null = null) =>
  frozen(request, replacer).prepared.payload;
/** The text that is sent of a request that is not shared. */
const sentTextOf = (request: object, replacer: JsonReplacer | null = null) =>
  JSON.stringify(
    toSentRequest(prepareRequest({ query, ...request }, { replacer }).request),
    replacer ?? undefined,
  );

const expectSame = (one: object, other: object, replacer?: JsonReplacer) =>
  expect(keyOf(one, replacer)).to.equal(keyOf(other, replacer));
const expectDifferent = (one: object, other: object, replacer?: JsonReplacer) =>
  expect(keyOf(one, replacer)).not.to.equal(keyOf(other, replacer));

const replacers: Record<string, JsonReplacer> = {
  'that writes a Set': (_name, value: unknown) =>
    value instanceof Set ? [...(value as Set<unknown>)] : value,
  'that changes what it has made': (_name, value: unknown) =>
    typeof value === 'string' ? `${value}!` : value,
  'that makes objects of numbers': (_name, value: unknown) =>
    typeof value === 'number' ? { number: String(value) } : value,
  'that depends on the name': (name, value: unknown) =>
    name === 'secret' || name === 'extensions' ? undefined : value,
  'that depends on what holds the value': function (this: unknown, name, value: unknown) {
    const given = (this as Record<string, unknown>)[name];
    return given instanceof Date ? given.getTime() : value;
  },
  'that writes null for undefined': (_name, value: unknown) => value ?? null,
  'that adds to the variables': (name, value: unknown) =>
    name === 'variables' ? { ...(value as object), tenant: 't' } : value,
};

describe('a frozen request', () => {
  it('has the key of the JSON that its variables make of themselves', () => {
    class Filter {
      readonly #symbol: string;
      constructor(symbol: string) {
        this.#symbol = symbol;
      }
      toJSON() {
        return { symbol: this.#symbol };
      }
    }
    expectSame({ variables: new Filter('SOL') }, { variables: { symbol: 'SOL' } });
    expectDifferent({ variables: new Filter('SOL') }, { variables: new Filter('BTC') });
  });

  it('has the same key whatever the order of its fields', () => {
    expectSame(
      { query, doc_id: '1', other: 2, hash: 3 },
      { hash: 3, other: 2, doc_id: '1', query },
    );
    expectSame({ documentId: undefined, other: null }, {});
  });

  for (const name of ['documentId', 'doc_id', 'other'])
    it(`has a key of its ${name}, and sends it`, () => {
      const request = { query: undefined, extensions: {}, [name]: 'abc' };
      expectDifferent(request, { query: undefined, extensions: {} });
      expectDifferent(request, { ...request, [name]: 'abd' });
      expect(JSON.parse(textOf(request) as string)).to.deep.equal({
        extensions: {},
        [name]: 'abc',
      });
    });

  it('has the same key whatever the order of its variables', () => {
    expectSame(
      { variables: { a: 1, b: { c: [1, { d: 2 }] } } },
      { variables: { b: { c: [1, { d: 2 }] }, a: 1 } },
    );
    expectSame({ variables: { 10: 1, 9: 2, a: 3 } }, { variables: { a: 3, 9: 2, 10: 1 } });
  });

  it('has numbers of any length, in JSON that was made before', () => {
    const { rawJSON } = JSON as { rawJSON?: (text: string) => object };
    // Node 20 has none; its like has no prototype, and is frozen
    const n =
      rawJSON?.('12345678901234567890') ??
      Object.freeze(Object.assign(Object.create(null) as object, { rawJSON: '1' }));
    expect(textOf({ variables: { n } })).to.equal(sentTextOf({ variables: { n } }));
    if (rawJSON) expect(textOf({ variables: { n } })).to.include('"n":12345678901234567890}');
  });

  it('hands each value to the replacer once, and a toJSON its name', () => {
    const names: string[] = [];
    const named = { toJSON: (name: string) => `I am ${name}` };
    const given = prepareRequest({ query, variables: { a: 1, b: named }, operationName: 'A' });
    const { prepared } = freeze(given, (name, value: unknown) => {
      names.push(name);
      return typeof value === 'string' ? `${value}!` : value;
    });
    expect(JSON.parse(prepared.payload as string)).to.deep.equal({
      query: `${query}!`,
      variables: { a: 1, b: 'I am b!' },
      operationName: 'A!',
    });
    expect(names.filter((name) => name !== 'extensions')).to.deep.equal([
      'operationName',
      'query',
      'variables',
      'a',
      'b',
    ]);
  });

  for (const [what, replacer] of Object.entries(replacers))
    it(`is sent as a request that is not shared, with a replacer ${what}`, () => {
      const variables = { a: 'text', b: [new Set([1])], c: new Date(5), d: { e: 1 }, secret: 1 };
      const whole = { variables, operationName: 'A', extensions: { e: 'f' } };
      for (const request of [whole, { variables }, {}])
        expect(JSON.parse(textOf(request, replacer) as string)).to.deep.equal(
          JSON.parse(sentTextOf(request, replacer)),
        );
    });

  for (const field of ['variables', 'extensions'] as const) {
    const same = (one: unknown, other: unknown, replacer?: JsonReplacer) =>
      expectSame({ [field]: one }, { [field]: other }, replacer);
    const different = (one: unknown, other: unknown, replacer?: JsonReplacer) =>
      expectDifferent({ [field]: one }, { [field]: other }, replacer);

    it(`has a key of its ${field} as they are sent`, () => {
      same({ a: undefined, b: new Date(0) }, { b: '1970-01-01T00:00:00.000Z' });
      // to a scalar of the server's the order may mean something
      different({ sort: { price: -1, time: 1 } }, { sort: { time: 1, price: -1 } });
      different({ a: [{ b: 1, c: 2 }] }, { a: [{ c: 2, b: 1 }] });
      different(undefined, {});
      different({ a: 1 }, { a: 2 });
      different({ a: [1, 2] }, { a: [2, 1] });
      different({ a: 1 }, { a: '1' });
      different({ a: null }, {});
      different({ a: {} }, { a: [] });
      const replacer: JsonReplacer = (name, value: unknown) =>
        name === 'secret' ? undefined : value;
      same({ a: 1, secret: 1 }, { a: 1, secret: 2 }, replacer);
      different({ a: 1, secret: 1 }, { a: 2, secret: 1 }, replacer);
    });

    it(`is not fooled by names in ${field} that every object has`, () => {
      const parse = (text: string): unknown => JSON.parse(text);
      different(parse('{"__proto__":{"a":1}}'), {});
      different(parse('{"__proto__":{"a":1}}'), parse('{"__proto__":{"a":2}}'));
      const given = { [field]: parse('{"__proto__":{"a":1}}') };
      expect(textOf(given)).to.include(`"${field}":{"__proto__":{"a":1}}`);
    });

    it(`compares functions for ${field} by identity, and calls them for every send`, () => {
      let calls = 0;
      const [one, other] = [() => ({ a: (calls += 1) }), () => ({ a: 1 })];
      same(one, one);
      different(one, other);
      different(one, { a: 1 });
      different(one, undefined);
      expect(calls).to.equal(0);
      const { prepared } = frozen({ [field]: one }, null);
      expect(prepared.payload).to.equal(undefined);
      expect(prepared.request[field]).to.equal(one);
    });

    for (const [what, replacer] of Object.entries(replacers))
      it(`tells functions for ${field} apart with a replacer ${what}`, () => {
        different(
          () => ({ a: 1 }),
          () => ({ a: 1 }),
          replacer,
        );
      });

    it(`compares ${field} that a codec writes by identity, and leaves them to it`, () => {
      for (const a of [1, new Map(), undefined, 1n, NaN, Symbol.iterator, () => 1]) {
        const value: { a?: unknown } = { a };
        const { key, prepared } = frozen({ [field]: value }, undefined);
        expect(frozen({ [field]: { a } }, undefined).key).not.to.equal(key);
        value.a = 2;
        expect(frozen({ [field]: value }, undefined).key).to.equal(key);
        expect(prepared.payload).to.equal(undefined);
        expect(prepared.request[field]).to.equal(value);
      }
      const cycle: { a?: unknown } = {};
      cycle.a = cycle;
      expect(frozen({ [field]: cycle }, undefined).prepared.request[field]).to.equal(cycle);
    });
  }

  it('is left to a codec as it is, if nothing in it is an object', () => {
    for (const request of [{}, { operationName: 'A' }]) {
      const { key, prepared } = frozen(request, undefined);
      expect(prepared.payload).to.equal(undefined);
      expect(frozen(request, undefined).key).to.equal(key);
    }
  });

  it('has the same key as another with the same values under the same names, and as no other', () => {
    const shuffled = (value: object): unknown =>
      Object.fromEntries(Object.entries(value).reverse());
    const textsOf = (value: object) =>
      Object.fromEntries(
        Object.entries(value).map(([name, each]) => [`_${name}`, JSON.stringify(each)]),
      );
    const anyVariables = fc.dictionary(fc.string(), fc.jsonValue());
    const name = fc.constantFrom('a', 'b');
    const few = fc.dictionary(name, fc.oneof(fc.nat(1), fc.dictionary(name, fc.nat(1))));
    const alike = fc.oneof(
      fc.tuple(anyVariables, anyVariables),
      // small ones, which are equal now and then
      fc.tuple(few, few),
    );
    fc.assert(
      fc.property(alike, ([a, b]) => {
        expectSame({ variables: a }, { variables: shuffled(a) });
        let equal = true;
        try {
          expect(textsOf(a)).to.deep.equal(textsOf(b));
        } catch {
          equal = false;
        }
        expect(keyOf({ variables: a }) === keyOf({ variables: b })).to.equal(equal);
        const sent = JSON.parse(textOf({ variables: a }) as string) as { variables: object };
        expect(textsOf(sent.variables)).to.deep.equal(textsOf(a));
      }),
      { numRuns: 200 },
    );
  });
});
