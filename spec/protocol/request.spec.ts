import { expect } from 'chai';
import { parse, print } from 'graphql';
import { describe, it } from 'mocha';
import { ConfigurationError } from '../../lib/errors.js';
import type { PrepareOptions } from '../../lib/protocol/request.js';
import { prepareRequest, toSentRequest } from '../../lib/protocol/request.js';

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
    for (const [what, document] of documents) {
      it(what, () => {
        expect(queryOf(document)).to.equal(text);
      });

      it(`${what} in a request`, () => {
        expect(queryOf({ query: document })).to.equal(text);
      });
    }

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
    const documents: [what: string, document: unknown][] = [
      ['undefined', undefined],
      ['null', null],
      ['a number', 1],
      ['a function', () => text],
      ['a symbol', Symbol('query')],
      ['an empty string', ''],
      ['an object without query', {}],
      ['an array', []],
      ['an empty query', { query: '' }],
      ['an empty query with extensions that are null', { query: '', extensions: null }],
      ['extensions alone', { extensions: { persistedQuery: {} } }],
      ['a query of another kind', { query: { text } }],
      ['a query that is null', { query: null }],
      ['a DocumentNode without loc', parse(text, { noLocation: true })],
      ['a DocumentNode with a loc that was cut', { ...parse(text), loc: { start: 0, end: 1 } }],
      [
        'a DocumentNode whose source is no text',
        { kind: 'Document', loc: { source: { body: 1 } } },
      ],
    ];
    for (const [what, document] of documents)
      it(what, () => {
        expect(() => prepare(document))
          .to.throw(ConfigurationError, expectation)
          .with.property('option', 'query');
      });

    it('names no more of it than its kind', () => {
      for (const [document, kind] of [
        [{ query: 7 }, 'number'],
        [{ query: '' }, 'string'],
        [{ query: undefined }, 'undefined'],
        [{ query: ['secret'] }, 'array'],
      ] as const)
        expect(() => prepare(document)).to.throw(new RegExp(`, got ${kind}$`));
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
    const refused: [request: object, option: string, message: string][] = [
      [
        { query: text, variable: {} },
        'variable',
        'unknown request field `variable`: the nearest known one is `variables`',
      ],
      [{ qurey: text }, 'qurey', 'unknown request field `qurey`: the nearest known one is `query`'],
      [
        { query: text, operation: 'A' },
        'operation',
        'unknown request field `operation`: the nearest known one is `operationName`',
      ],
      [
        { query: text, variables: 'secret' },
        'variables',
        'expected `variables` to be an object or a function, got string',
      ],
      [
        { query: text, variables: ['secret'] },
        'variables',
        'expected `variables` to be an object or a function, got array',
      ],
      [
        { query: text, variables: Promise.resolve({}) },
        'variables',
        'expected `variables` to be an object or a function, got promise',
      ],
      [
        { query: text, extensions: 7 },
        'extensions',
        'expected `extensions` to be an object or a function, got number',
      ],
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
    const prepared = prepare({
      query: text,
      variables: null,
      operationName: null,
      extensions: null,
    });
    expect(toSentRequest(prepared.request)).to.deep.equal({ query: text });
  });

  it('calls no function', () => {
    const never = () => {
      throw new Error('called');
    };
    expect(queryOf({ query: text, variables: never, extensions: never })).to.equal(text);
  });
});

describe('a prepared request', () => {
  for (const [document, resend] of [
    ['query { a }', true],
    ['subscription { a }', true],
    ['mutation { a }', false],
  ] as const) {
    it(`says whether ${document} is sent again: ${String(resend)}`, () => {
      expect(prepare(document).resend).to.equal(resend);
    });

    it(`says so as the caller wants it: ${document}`, () => {
      for (const wanted of [true, false])
        expect(prepare(document, { resend: wanted }).resend).to.equal(wanted);
    });
  }
});
