import { expect } from 'chai';
import { parse, print } from 'graphql';
import { describe, it } from 'mocha';
import { ConfigurationError } from '../../lib/errors.js';
import {
  notSerialisable,
  prepareRequest,
  toSentRequest,
  type PrepareOptions,
} from '../../lib/protocol/request.js';

const text = 'subscription  Trades($symbol: String) {\n  trades(symbol: $symbol) { price }\n}';

/** As the client preset of graphql-codegen writes it. */
class TypedDocumentString extends String {
  readonly #value: string;
  readonly __meta__ = { hash: 'abc' };
  constructor(value: string) {
    super(value);
    this.#value = value;
  }
  override toString() {
    return this.#value;
  }
}

const prepare = (input: unknown, options?: PrepareOptions) =>
  prepareRequest(input as never, options);

const queryOf = (input: unknown, options?: PrepareOptions) => prepare(input, options).request.query;

describe('prepareRequest', () => {
  describe('takes the text of', () => {
    const documents: [what: string, document: unknown][] = [
      ['a string', text],
      ['a String object', new String(text)],
      ['a TypedDocumentString', new TypedDocumentString(text)],
      ['a DocumentNode with loc', parse(text)],
    ];
    for (const [what, document] of documents)
      it(`${what}, alone or in a request`, () => {
        expect(queryOf(document)).to.equal(text);
        expect(queryOf({ query: document })).to.equal(text);
      });

    it('a DocumentNode without loc, by print', () => {
      const document = parse(text, { noLocation: true });
      expect(queryOf(document, { print })).to.equal(print(document));
      expect(queryOf({ query: document }, { print })).to.equal(print(document));
    });

    it('a DocumentNode with loc, by print where that is given', () => {
      expect(queryOf(parse('{a}'), { print })).to.equal('{\n  a\n}');
    });

    it('a persisted query, which is empty', () => {
      const extensions = { persistedQuery: { version: 1, sha256Hash: 'abc' } };
      expect(prepare({ query: '', extensions }).request).to.include({ query: '', extensions });
      expect(queryOf({ query: '', extensions: () => extensions })).to.equal('');
    });

    it('anything, without a look at its grammar', () => {
      for (const odd of ['{', 'é😀\u2028', ' ', '"', 'query', '#'])
        expect(queryOf(odd)).to.equal(odd);
    });
  });

  describe('refuses as a document', () => {
    const expectation =
      'expected `query` to be a document with text (a DocumentNode without `loc` needs `print`), got ';
    const noText = { kind: 'Document', loc: { source: { body: 1 } } };
    const documents: Readonly<Record<string, readonly [document: unknown, kind: string]>> = {
      undefined: [undefined, 'undefined'],
      null: [null, 'null'],
      'a number': [1, 'number'],
      'a function': [() => text, 'function'],
      'a symbol': [Symbol('query'), 'symbol'],
      'an empty string': ['', 'string'],
      'an array': [[], 'array'],
      'an object without query': [{}, 'undefined'],
      'an empty query': [{ query: '' }, 'string'],
      'an empty query with extensions that are null': [{ query: '', extensions: null }, 'string'],
      'extensions alone': [{ extensions: { persistedQuery: {} } }, 'undefined'],
      'a query of another kind': [{ query: ['secret'] }, 'array'],
      'a query that is null': [{ query: null }, 'null'],
      'a DocumentNode without loc': [parse(text, { noLocation: true }), 'object'],
      'a DocumentNode with a loc that was cut': [{ ...parse(text), loc: { start: 0 } }, 'object'],
      'a DocumentNode whose source is no text': [noText, 'object'],
    };
    for (const [what, [document, kind]] of Object.entries(documents))
      it(`${what}, and names no more of it than its kind`, () => {
        expect(() => prepare(document))
          .to.throw(ConfigurationError, new RegExp(`, got ${kind}$`))
          .that.satisfies(({ message }: Error) => message.startsWith(expectation))
          .with.property('option', 'query');
      });

    it('one that print fails for, with the cause', () => {
      const cause = new Error('no printer');
      const failing = () => {
        throw cause;
      };
      expect(() => prepare(parse(text), { print: failing }))
        .to.throw(ConfigurationError, 'the function `print` failed')
        .that.includes({ option: 'print', cause });
    });
  });

  describe('refuses a request', () => {
    const unknown = (name: string, nearest: string) =>
      `unknown request field \`${name}\`: the nearest known one is \`${nearest}\``;
    const expected = (name: string, got: string) =>
      `expected \`${name}\` to be an object or a function, got ${got}`;
    const refused: [request: object, option: string, message: string][] = [
      [{ query: text, variable: {} }, 'variable', unknown('variable', 'variables')],
      [{ qurey: text }, 'qurey', unknown('qurey', 'query')],
      [{ query: text, operation: 'A' }, 'operation', unknown('operation', 'operationName')],
      [{ query: text, variables: 'secret' }, 'variables', expected('variables', 'string')],
      [{ query: text, variables: ['secret'] }, 'variables', expected('variables', 'array')],
      [
        { query: text, variables: Promise.resolve({}) },
        'variables',
        expected('variables', 'promise'),
      ],
      [{ query: text, extensions: 7 }, 'extensions', expected('extensions', 'number')],
      [
        { query: text, operationName: 7 },
        'operationName',
        'expected `operationName` to be a string, got `7` (number)',
      ],
    ];
    for (const [request, option, message] of refused)
      it(`with ${message}`, () => {
        expect(() => prepare(request))
          .to.throw(ConfigurationError)
          .that.includes({ option, message });
      });
  });

  it('takes null for absent', () => {
    const request = { query: text, variables: null, operationName: null, extensions: null };
    expect(toSentRequest(prepare(request).request)).to.deep.equal({ query: text });
  });
});

describe('a prepared request', () => {
  for (const [document, resend] of [
    ['query { a }', true],
    ['subscription { a }', true],
    ['mutation { a }', false],
  ] as const)
    it(`says whether ${document} is sent again: ${String(resend)}, unless the caller says it`, () => {
      expect(prepare(document).resend).to.equal(resend);
      for (const wanted of [true, false])
        expect(prepare(document, { resend: wanted }).resend).to.equal(wanted);
    });
});

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
