import { expect } from 'chai';
import fc from 'fast-check';
import { Kind, parse } from 'graphql';
import { describe, it } from 'mocha';
import { operationType, rememberHeads } from '../../lib/protocol/document.js';
import { prepareRequest } from '../../lib/protocol/request.js';

const typeOf = (query: string, operationName?: string) =>
  prepareRequest({ query, operationName }).type;

const several = `
  fragment query on Query { a }
  query A($mutation: Int = 1, $b: [String!]! = ["mutation B {"]) @live(mutation: "}") { mutation { b } }
  # mutation A
  mutation B { subscription }
  subscription C { query }
  query mutation { a }
`;

describe('the type of an operation', () => {
  const documents: [type: string, document: string][] = [
    ['query', '{ a }'],
    ['query', '{a}'],
    ['query', 'query { a }'],
    ['query', 'query{a}'],
    ['query', 'query mutation { a }'],
    ['query', 'query A($b: B = { c: "d" }) { a }'],
    ['query', 'query($mutation: Int) { a }'],
    ['mutation', 'mutation { a }'],
    ['mutation', '\ufeff,,, mutation M { a }'],
    ['mutation', 'mutation @mutation(query: """ { """) { a }'],
    ['subscription', 'subscription { a }'],
    ['subscription', 'subscription query @live { a }'],
    ['subscription', '# query { a }\r\nsubscription { a }'],
    ['subscription', '# "\nsubscription { a }'],
    ['subscription', '"query { a }" subscription { a }'],
    ['subscription', '"\\" query {" subscription { a }'],
    ['subscription', '""" query { " \\""" } """ subscription { a }'],
    ['subscription', 'fragment query on Query { a { b } } subscription { ...query }'],
    [
      'subscription',
      'fragment F($a: Int = 1) on mutation @b(c: { d: 1 }) { a } subscription { a }',
    ],
    ['subscription', 'type Query { query: String } subscription { a }'],
    ['query', several],
  ];
  for (const [type, document] of documents)
    it(`is ${type} of ${JSON.stringify(document)}`, () => {
      expect(typeOf(document)).to.equal(type);
    });

  for (const [name, type] of [
    ['A', 'query'],
    ['B', 'mutation'],
    ['C', 'subscription'],
    ['mutation', 'query'],
  ] as const)
    it(`is ${type} of the operation named ${name}, among several`, () => {
      expect(typeOf(several, name)).to.equal(type);
    });

  for (const directive of ['@A', '@ A'])
    it(`is that of the operation named A, not of one with the directive ${directive}`, () => {
      expect(typeOf(`query ${directive} { a } mutation A { b }`, 'A')).to.equal('mutation');
    });

  const unknown: [document: string, name?: string][] = [
    [several, 'D'],
    [several, 'b'],
    ['{ a }', 'A'],
    ['fragment A on B { c }'],
    ['fragment A on B { c } query B { a }', 'A'],
    ['quer { a }'],
    ['queryx { a }'],
    ['}}} {'],
    [' '],
    ['é😀'],
    ['#query'],
  ];
  for (const [document, name] of unknown)
    it(`is what is assumed of ${JSON.stringify(document)} ${name ?? ''}`, () => {
      for (const assume of ['query', 'mutation', 'subscription'] as const) {
        const request = { query: document, operationName: name };
        expect(prepareRequest(request, { assume }).type).to.equal(assume);
      }
    });

  it('is mutation where nobody knows better', () => {
    const request = { query: '', extensions: { persistedQuery: {} } };
    expect(prepareRequest(request)).to.include({ type: 'mutation', resend: false });
  });

  it('is found whatever the text', () => {
    const lexeme = fc.constantFrom(
      ...['query', 'mutation', 'A', '{', '}', '(', ')', '"', '"""', '\\', '#', '\n', '@', '$', ' '],
    );
    fc.assert(
      fc.property(fc.array(lexeme, { maxLength: 30 }), (lexemes) => {
        expect(typeOf(`${lexemes.join('')} `)).to.be.oneOf(['query', 'mutation', 'subscription']);
      }),
    );
  });

  it('is what graphql-js finds', () => {
    const name = fc.constantFrom('A', 'B', 'query', 'mutation', 'subscription', 'fragment', 'on');
    const selection = fc.constantFrom(
      '{ a }',
      '{ mutation { query(a: "}", b: {c: 1}) @skip(if: true) } }',
      '{ a(b: """ " } { \\""" """) # } {\n }',
      '{ ... on mutation { b } ...A }',
    );
    const directive = fc.constantFrom('', '@A', '@mutation(a: "{", b: [{c: "query"}])');
    const operation = fc
      .record({
        type: fc.constantFrom('query', 'mutation', 'subscription'),
        name,
        variables: fc.constantFrom('', '($query: A = "{" @A)', '($a: [Int!]! = [1] $b: B={c:"("})'),
        directive,
        selection,
      })
      .map((one) => `${one.type} ${one.name}${one.variables} ${one.directive} ${one.selection}`);
    const fragment = fc
      .record({ name: name.filter((word) => word !== 'on'), on: name, directive, selection })
      .map((one) => `fragment ${one.name} on ${one.on} ${one.directive} ${one.selection}`);
    const definition = fc.oneof(operation, fragment, operation);
    const filler = fc.constantFrom('\n', ' , ', ' # query "\n', '\r\n');

    fc.assert(
      fc.property(
        fc.array(definition, { minLength: 1, maxLength: 4 }),
        filler,
        (definitions, gap) => {
          const document = definitions.join(gap);
          const operations = parse(document).definitions.filter(
            (node) => node.kind === Kind.OPERATION_DEFINITION,
          );
          expect(typeOf(document)).to.equal(operations[0]?.operation ?? 'mutation');
          for (const { name: node } of operations) {
            const found = operations.find((other) => other.name?.value === node?.value);
            expect(typeOf(document, node?.value)).to.equal(found?.operation);
          }
        },
      ),
      { numRuns: 300 },
    );
  });
});

describe('rememberHeads', () => {
  it('is the same as reading it each time, whatever came before', () => {
    const remembered = rememberHeads();
    const requests = [
      [several, 'B'],
      [several, 'C'],
      ['mutation { a }', undefined],
      ['nothing of the kind', undefined],
      ['nothing of the kind', undefined],
      ['mutation { a }', undefined],
      [several, null],
    ] as const;
    for (const [text, name] of requests)
      expect(operationType(remembered(text), name)).to.equal(
        operationType(rememberHeads()(text), name),
      );
    expect(operationType(remembered(several), 'B')).to.equal('mutation');
    expect(remembered(several)).to.equal(remembered(several));
    expect(operationType(remembered('nothing of the kind'))).to.equal(undefined);
  });
});
