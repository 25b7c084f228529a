import { expect } from 'chai';
import type { DocumentNode } from 'graphql';
import { concatAST, Kind, parse, print, visit } from 'graphql';
import { describe, it } from 'mocha';
import { ConfigurationError } from '../../lib/errors.js';
import {
  notSerialisable,
  prepareRequest,
  toSentRequest,
  type PrepareOptions,
} from '../../lib/protocol/request.js';
import type { SentRequest } from '../../lib/types.js';

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

/** A document with further definitions, and the text of the first. */
const concatTo = (document: DocumentNode, ...others: DocumentNode[]): DocumentNode => ({
  ...document,
  definitions: concatAST([document, ...others]).definitions,
});

const renamed = (document: DocumentNode, value: string): DocumentNode =>
  visit(document, {
    OperationDefinition: (node) => ({ ...node, name: { kind: Kind.NAME, value } }),
  });

const prepare = (input: unknown, options?: PrepareOptions) =>
  prepareRequest(input as never, options);

const queryOf = (input: unknown, options?: PrepareOptions) => prepare(input, options).request.query;

describe('prepareRequest', () => {
  it('gives a request that nobody has sent or answered', () => {
    expect(prepare(text)).to.include({ wasSent: false, wasAnswered: false, size: 0 });
  });

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

    for (const named of [
      { documentId: 'abc' },
      { doc_id: '7' },
      { extensions: { persistedQuery: { version: 1 } } },
      { extensions: () => ({}) },
    ])
      it(`a document that has a name in place of a text: ${Object.keys(named).join()}`, () => {
        for (const query of [undefined, null, '', new String('')])
          expect(prepare({ query, ...named }).request).to.deep.include(named);
        expect(toSentRequest(prepare(named).request)).to.have.keys(Object.keys(named));
        expect(toSentRequest(prepare({ query: '', ...named }).request)).to.include({ query: '' });
        expect(prepare(named)).to.include({ type: 'mutation', takesOne: false });
      });

    it('anything, without a look at its grammar', () => {
      for (const odd of ['{', 'é😀\u2028', ' ', '"', 'query', '#'])
        expect(queryOf(odd)).to.equal(odd);
    });
  });

  describe('told what is asked for,', () => {
    const types = ['query', 'mutation', 'subscription'] as const;
    const method = { mutation: 'mutate$', subscription: 'subscribe$' };
    const several = types.map((type) => `${type} ${type} { a }`).join(' ');
    for (const assume of types)
      for (const type of types) {
        const requests = [{ query: `${type} { a }` }, { query: several, operationName: type }];
        if (type === 'query' || type === assume)
          it(`takes a ${type} for a ${assume}`, () => {
            for (const request of requests)
              expect(prepare(request, { assume })).to.include({
                type,
                takesOne: type !== 'subscription',
              });
          });
        else
          it(`refuses a ${type} for a ${assume}`, () => {
            const message = `a ${type} is no ${assume}: use \`${method[type]}\``;
            for (const request of requests)
              expect(() => prepare(request, { assume }))
                .to.throw(ConfigurationError)
                .that.includes({ option: 'query', message });
          });
      }
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
      'variables alone': [{ variables: {} }, 'undefined'],
      'an empty documentId': [{ documentId: '' }, 'undefined'],
      'a documentId beside a query of another kind': [{ query: 1, documentId: 'abc' }, 'number'],
      'an unknown field alone': [{ hash: 'abc' }, 'undefined'],
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

  describe('of a DocumentNode', () => {
    const fragment = parse('fragment Price on Trade { price amount { value } }');
    const operation = parse('query Q { a ...Price }  # fragment Price');
    const anonymous = parse('{ a { b } }');
    const withTypename = (document: DocumentNode) =>
      visit(document, {
        SelectionSet: ({ selections, ...rest }, _key, parent) =>
          parent && 'operation' in parent
            ? undefined
            : {
                ...rest,
                selections: [
                  ...selections,
                  { kind: Kind.FIELD, name: { kind: Kind.NAME, value: '__typename' } },
                ],
              },
      });
    const changed: [what: string, document: DocumentNode, missing: string][] = [
      ['a loader has added a fragment', concatTo(operation, fragment), 'fragment Price'],
      ['an operation was added', concatTo(fragment, operation), 'query Q'],
      ['a cache has added `__typename`', withTypename(anonymous), '__typename'],
      ['a cache has added it to a fragment', withTypename(fragment), '__typename'],
      ['a loader has renamed it', renamed(operation, 'R'), 'query R'],
    ];
    for (const [what, document, missing] of changed)
      it(`refuses one to whose text ${what}, and takes it by print`, () => {
        const message = `expected \`query\` to be a document with \`${missing}\` in its text (a changed DocumentNode needs \`print\`), got object`;
        for (const request of [document, { query: document, documentId: 'abc' }])
          expect(() => prepare(request))
            .to.throw(ConfigurationError)
            .that.includes({ option: 'query', message });
        expect(queryOf(document, { print })).to.equal(print(document));
      });

    it('takes what is in the text, whatever surrounds it', () => {
      const texts = [
        '# the query\nquery # Q\n,,Q($a: Int = 1) @live { a { __typename } ...Price }\nfragment\tPrice on T { b }',
        '"a" query Q { a } query query { b } mutation subscription { c } subscription fragment { d }',
        'type Q { a: Int } query Q { a } scalar Date extend type Q { b: Int }',
        'query Q { __typename }',
        '{ a(b: "__typename") }',
        '{ a { ... { b } } }',
      ];
      for (const text of texts) expect(queryOf(parse(text))).to.equal(text);
    });

    it('looks for nothing else', () => {
      const without = { ...parse(text), definitions: parse('{ other(a: 1) }').definitions };
      expect(queryOf(without)).to.equal(text);
      for (const definitions of [undefined, null, 7, [], [null], [{}], [{ kind: 'Field' }]])
        expect(queryOf({ ...parse(text), definitions })).to.equal(text);
    });
  });

  describe('refuses a request', () => {
    const unknown = (name: string, nearest: string) =>
      `unknown request field \`${name}\`: did you mean \`${nearest}\`?`;
    const expected = (name: string, got: string) =>
      `expected \`${name}\` to be an object or a function, got ${got}`;
    const refused: [request: object, option: string, message: string][] = [
      [{ query: text, variable: {} }, 'variable', unknown('variable', 'variables')],
      [{ qurey: text }, 'qurey', unknown('qurey', 'query')],
      [{ query: text, operation: 'A' }, 'operation', unknown('operation', 'operationName')],
      [{ query: text, documentID: 'abc' }, 'documentID', unknown('documentID', 'documentId')],
      [{ document: text }, 'document', unknown('document', 'documentId')],
      [{ queryId: 'abc' }, 'queryId', unknown('queryId', 'query')],
      [
        { query: text, documentId: 7 },
        'documentId',
        'expected `documentId` to be a string, got `7` (number)',
      ],
      [{ doc_id: {} }, 'doc_id', 'expected `doc_id` to be a string, got object'],
      ...['resend', 'onServerComplete', 'errorPolicy', 'sendWithin', 'share'].map(
        (name): [object, string, string] => [
          { query: text, [name]: true },
          name,
          `\`${name}\` is no request field: give the options \`{ ${name} }\``,
        ],
      ),
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

  it('passes on any other field, also one that is like a known one that is given', () => {
    const others = { id: 'abc', hash: { sha256: 'x' }, count: 0, isLive: false };
    const alike = { queryId: 1, operationName: 'A', operationId: 2 };
    const request = { query: text, ...others, ...alike };
    expect(toSentRequest(prepare(request).request)).to.deep.equal(request);
    const parsed: unknown = JSON.parse(`{"query":"{a}","__proto__":{"a":1}}`);
    const sent = toSentRequest(prepare(parsed).request);
    expect(JSON.stringify(sent)).to.equal('{"query":"{a}","__proto__":{"a":1}}');
  });

  it('passes on a field that is like a known one that is left out by name', () => {
    const request = { query: text, operationId: 'abc', operationName: undefined };
    expect(toSentRequest(prepare(request).request)).to.deep.equal({
      query: text,
      operationId: 'abc',
    });
  });

  it('takes null for absent', () => {
    const nothing = { documentId: null, doc_id: null, other: null };
    const request = {
      query: text,
      variables: null,
      operationName: null,
      extensions: null,
      ...nothing,
    };
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
  for (const field of ['variables', 'extensions', 'other'] as const)
    for (const [what, value] of unserialisable)
      it(`refuses ${what} in ${field} at once, unless it is left to the send`, () => {
        for (const replacer of [null, (_key: string, given: unknown) => given])
          expect(() => prepareRequest({ query, [field]: value }, { replacer }))
            .to.throw(ConfigurationError)
            .that.includes({ option: field, message: `\`${field}\` cannot be serialised` })
            .with.property('cause')
            .that.is.instanceOf(TypeError);
        const { request } = prepareRequest({ query, [field]: value });
        expect(request).to.have.property(field, value);
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
        ['other', { query, variables: {}, other: value }],
      ] as const) {
        const message = `\`${option}\` cannot be serialised`;
        expect(notSerialisable(request as SentRequest, cause))
          .to.be.instanceOf(ConfigurationError)
          .that.includes({ option, message, cause });
      }
    });
});
