import { expect } from 'chai';
import fc from 'fast-check';
import { describe, it } from 'mocha';
import type { KeyOptions } from '../../lib/operation/request-key.js';
import { createRequestKey } from '../../lib/operation/request-key.js';
import { prepareRequest } from '../../lib/protocol/request.js';

const query = 'subscription { a }';
const shared = createRequestKey();
const sharedOf = (
  request: object,
  options: KeyOptions & { resend?: boolean } = { replacer: null },
) => shared(prepareRequest({ query, ...request }, options), options);
const keyOf = (...given: Parameters<typeof sharedOf>) => sharedOf(...given).key;
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

  for (const field of ['variables', 'extensions'] as const) {
    const same = (one: unknown, other: unknown, options?: KeyOptions) =>
      expectSame({ [field]: one }, { [field]: other }, options);
    const different = (one: unknown, other: unknown, options?: KeyOptions) =>
      expectDifferent({ [field]: one }, { [field]: other }, options);

    it(`compares ${field} as they are sent, whatever the order of their names`, () => {
      same(undefined, null);
      same({ a: 1, b: { c: [1, { d: 2, e: 3 }] } }, { b: { c: [1, { d: 2, e: 3 }] }, a: 1 });
      // to a scalar of the server's the order may mean something
      different({ sort: { price: -1, time: 1 } }, { sort: { time: 1, price: -1 } });
      different({ a: [{ b: 1, c: 2 }] }, { a: [{ c: 2, b: 1 }] });
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
        shared({ ...prepareRequest({ query }), [field]: value }, { replacer }).key;
      expect(unseen(cycle)).to.equal(unseen(cycle));
      expect(unseen(cycle)).not.to.equal(unseen(other));
    });

    it(`compares ${field} that a codec of the user’s writes by identity`, () => {
      const codecs = {};
      different({ a: 1 }, { a: 1 }, codecs);
      for (const a of [1, new Map(), undefined, 1n, NaN, Symbol.iterator, () => 1]) {
        const variables = { a };
        same(variables, variables, codecs);
      }
    });

    it(`tells ${field} from the same object after a change`, () => {
      for (const options of [{ replacer: null }, {}]) {
        const value: { a?: unknown } = {};
        const keys = [1, true, '1', {}, []].map((a) => {
          value.a = { nested: [a] };
          return keyOf({ [field]: value }, options);
        });
        expect(new Set(keys)).to.have.property('size', keys.length);
      }
    });

    describe(`what is sent as ${field}`, () => {
      const sentOf = (value: unknown, options?: KeyOptions) =>
        sharedOf({ [field]: value }, options).request[field];

      it('is what its key was made of', () => {
        const value = { b: 1, a: { deep: [1, { c: 2 }] } };
        const text = JSON.stringify(value);
        for (const options of [{ replacer: null }, {}]) {
          const mutable = JSON.parse(text) as typeof value;
          const sent = sentOf(mutable, options);
          mutable.b = 2;
          (mutable.a.deep[1] as { c: number }).c = 3;
          mutable.a.deep.push(4);
          // in the order given
          expect(JSON.stringify(sent)).to.equal(text);
        }
      });

      it('has names that objects have of their own', () => {
        const proto: unknown = JSON.parse('{"__proto__":{"a":1}}');
        for (const options of [{ replacer: null }, {}])
          expect(JSON.stringify(sentOf(proto, options))).to.equal('{"__proto__":{"a":1}}');
      });

      it('is written as before, whatever the replacer', () => {
        const replacers: readonly NonNullable<KeyOptions['replacer']>[] = [
          (_name, value: unknown) => (value instanceof Set ? [...(value as Set<unknown>)] : value),
          (_name, value: unknown) => (typeof value === 'string' ? `${value}!` : value),
          (_name, value: unknown) =>
            typeof value === 'number' ? { number: String(value) } : value,
          function (name, value: unknown) {
            const given = (this as Record<string, unknown>)[name];
            return given instanceof Date ? given.getTime() : value;
          },
        ];
        const make = () => ({ a: 'text', b: [new Set([1])], c: new Date(5), d: { e: 1, f: '' } });
        for (const replacer of replacers) {
          const value = make();
          const text = JSON.stringify({ [field]: value }, replacer);
          const sent = sentOf(value, { replacer });
          value.a = 'other';
          value.b.push(new Set([2]));
          value.d.e = 2;
          expect(JSON.stringify({ [field]: sent }, replacer)).to.equal(text);
        }
      });

      it('are numbers of any length, in JSON that was made before', function () {
        const { rawJSON } = JSON as { rawJSON?: (text: string) => object };
        // Node 20 has none; its like has no prototype, and is frozen
        const raw =
          rawJSON?.('12345678901234567890') ??
          Object.freeze(Object.assign(Object.create(null) as object, { rawJSON: '1' }));
        for (const options of [{ replacer: null }, {}]) {
          const value = { n: raw };
          const text = JSON.stringify(value);
          expect(JSON.stringify(sentOf(value, options))).to.equal(text);
        }
        expect(sentOf({ n: raw }, {})).to.have.property('n', raw);
      });

      it('is itself where only a codec of the user’s knows what it is', () => {
        class Point {
          readonly x = 1;
        }
        const inner = { map: new Map(), bytes: new Uint8Array(1), f: () => 1, point: new Point() };
        const value = { inner, list: [undefined, NaN] };
        const sent = sentOf(value, {}) as unknown as typeof value;
        expect(sent).to.deep.equal(value);
        for (const name of ['map', 'bytes', 'f', 'point'] as const)
          expect(sent.inner[name]).to.equal(inner[name]);
        expect([sent === value, sent.inner === inner]).to.deep.equal([false, false]);
        const point = new Point();
        expect(sentOf(point, {})).to.equal(point);
        const cycle: { a?: unknown } = {};
        cycle.a = cycle;
        expect(sentOf(cycle, {})).to.equal(cycle);
      });

      it('is asked for every time if it is a function', () => {
        const ask = () => ({ a: 1 });
        for (const options of [{ replacer: null }, {}]) expect(sentOf(ask, options)).to.equal(ask);
      });
    });
  }

  it('does not mistake variables for extensions', () => {
    expectDifferent({ variables: { a: 1 } }, { extensions: { a: 1 } });
    const both = () => ({});
    expectDifferent({ variables: both }, { extensions: both });
  });

  it('is equal for the same values under the same names, and for no other', () => {
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
      fc.property(alike, (pair) => {
        const [a, b] = pair;
        expectSame({ variables: a }, { variables: shuffled(a) });
        let equal = true;
        try {
          expect(textsOf(a)).to.deep.equal(textsOf(b));
        } catch {
          equal = false;
        }
        expect(keyOf({ variables: a }) === keyOf({ variables: b })).to.equal(equal);
        const sent = sharedOf({ variables: a }).request.variables;
        expect(JSON.stringify(sent)).to.equal(JSON.stringify(a));
      }),
      { numRuns: 200 },
    );
  });
});
