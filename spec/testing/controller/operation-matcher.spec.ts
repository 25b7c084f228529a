import type { TypedDocumentNode } from '@graphql-typed-document-node/core';
import { expect } from 'chai';
import { parse, print } from 'graphql';
import { afterEach, describe, it } from 'mocha';
import type { Same } from '../../types/expect.js';
import type { GraphQLSocketConfig, TypedDocument } from 'rx-graphql-ws';
import {
  GraphQLSocketTestingController,
  type OperationMatcher,
  type TestOperation,
} from 'rx-graphql-ws/testing';

interface Price {
  readonly price: number;
}

const text = 'subscription Prices($symbol: String!) {\n  price(symbol: $symbol)\n}';
const variables = { symbol: 'SOL', range: { from: 1, to: 2 }, list: [1, { e: 2, f: null }] };
const node = parse(text) as TypedDocumentNode<Price, { symbol: string }>;
/** As the client preset of graphql-code-generator emits it with `documentMode: 'string'`. */
const typedText = new String(text) as unknown as TypedDocument<Price, { symbol: string }>;

describe('OperationMatcher', () => {
  let controller: GraphQLSocketTestingController;
  const send = (config?: Partial<GraphQLSocketConfig>) => {
    controller = new GraphQLSocketTestingController(config);
    controller.subscribe$({ query: text, variables }).subscribe();
    controller.subscribe$('subscription { other }').subscribe();
    return controller;
  };
  const idsOf = (matcher: OperationMatcher) => controller.match(matcher).map(({ id }) => id);

  afterEach(() => controller.close());

  for (const [what, matcher] of [
    ['the name in the document', 'Prices'],
    ['the whole text', text],
    ['the text in other white space', text.replace(/\s+/g, ' \n')],
    ['a RegExp', /price\(/],
    ['a DocumentNode', node],
    ['a TypedDocumentString', typedText],
    ['the name in an object', { operationName: 'Prices' }],
    ['the text in an object', { query: text }],
    ['a RegExp in an object', { query: /price/ }],
    ['a document and a name', { query: node, operationName: 'Prices' }],
    ['a predicate', ({ query }) => query.includes('Prices')],
    ['one variable', { variables: { symbol: 'SOL' } }],
    ['a member of a variable', { variables: { range: { to: 2 } } }],
    ['an empty object as a variable', { variables: { range: {} } }],
    ['members in a list', { variables: { list: [1, { e: 2 }] } }],
    ['null in a list', { variables: { list: [1, { f: null }] } }],
  ] satisfies [string, OperationMatcher][])
    it(`finds by ${what}`, () => {
      send();
      expect(idsOf(matcher)).to.deep.equal(['1']);
    });

  it('finds a document that has an id in place of a text, by a predicate', () => {
    send().subscribe$({ documentId: 'abc' }).subscribe();
    const operation = controller.expectOne(({ documentId }) => documentId === 'abc');
    expect(operation.request).to.deep.equal({ query: '', documentId: 'abc', variables: {} });
    expect(controller.match({ query: /price/ })).to.have.length(1);
  });

  for (const [what, matcher] of [
    ['a part of the text', 'subscription'],
    ['the name in other letters', 'prices'],
    ['a name as the text', { query: 'Prices' }],
    ['another name', { operationName: 'Price' }],
    ['another text', { query: /other/, variables: { symbol: 'SOL' } }],
    ['another variable', { operationName: 'Prices', variables: { symbol: 'ETH' } }],
    ['a text for a number', { variables: { range: { to: '2' } } }],
    ['an object for a text', { variables: { symbol: { a: 1 } } }],
    ['an absent variable', { variables: { z: null } }],
    ['an inherited member', { variables: { toString: {} } }],
    ['null for a text', { variables: { symbol: null } }],
    ['a shorter list', { variables: { list: [1] } }],
    ['another member in a list', { variables: { list: [1, { e: 3 }] } }],
    ['an object for a list', { variables: { list: { 0: 1, 1: { e: 2 } } } }],
    ['a list for an object', { variables: { range: [] } }],
  ] satisfies [string, OperationMatcher][])
    it(`finds nothing by ${what}`, () => {
      send().expectNone(matcher);
    });

  const odd = 'mutation M($a: In = { b: "}" }, $c: [Int] = [1]) { query(a: $a) }';
  const block = 'query A { a(text: "} mutation B {", block: """ } mutation \\""" C { """) }';
  for (const [query, name] of [
    ['query A{a}', 'A'],
    [odd, 'M'],
    ['subscription S @ live (if: true) @b { mutation { a } }', 'S'],
    ['# query Not { a }\n  subscription S { a }', 'S'],
    ['fragment F on T { a } query A { ...F }', 'A'],
    [block, 'A'],
  ] as const)
    it(`finds "${query}" by its name`, () => {
      send()
        .execute$(query)
        .subscribe({ error: () => undefined });
      expect(idsOf(name)).to.deep.equal(['3']);
      for (const other of ['B', 'C', 'F', 'Not', 'live', 'query']) controller.expectNone(other);
    });

  it('finds by the name of the request, not by the first in the document', () => {
    send();
    const query = 'subscription A { a } subscription B { b }';
    controller.subscribe$({ query, operationName: 'B' }).subscribe();
    controller.expectNone('A');
    expect(idsOf('B')).to.deep.equal(['3']);
  });

  it('finds all by a RegExp with the flag g', () => {
    send();
    controller.subscribe$({ query: text, variables: { symbol: 'ETH' } }).subscribe();
    expect(idsOf(/price/g)).to.deep.equal(['1', '3']);
  });

  it('finds everything by an empty object', () => {
    send();
    expect(idsOf({})).to.deep.equal(['1', '2']);
  });

  it('prints documents as requests do', () => {
    send({ print });
    controller.subscribe$({ query: node, variables: { symbol: 'ETH' } }).subscribe();
    const withoutText = parse('subscription Prices($symbol:String!){price(symbol:$symbol)}', {
      noLocation: true,
    });
    expect(idsOf(withoutText)).to.deep.equal(['1', '3']);
  });

  it('compares variables as the client sends them', () => {
    const jsonReplacer = (_key: string, value: unknown) =>
      typeof value === 'bigint' ? `${value}n` : value;
    send({ jsonReplacer });
    const since = { at: new Date(0), block: 7n };
    controller.subscribe$({ query: 'subscription Since { a }', variables: since }).subscribe();
    expect(idsOf({ variables: { ...since, until: undefined } })).to.deep.equal(['3']);
  });

  it('finds no taken operation, but one that the client ended', () => {
    send();
    controller.expectOne('Prices');
    controller.expectNone('Prices');
    controller.subscribe$('subscription Left { a }').subscribe().unsubscribe();
    expect(controller.expectOne('Left').unsubscribed).to.equal(true);
  });

  it('gives the type of the data', () => {
    send();
    const operations = [
      ...controller.match(node),
      ...controller.match(typedText),
      ...controller.match({ query: node, variables: { symbol: 'SOL' } }),
      ...controller.match<Price>('Prices'),
    ] as const;
    const typed: Same<(typeof operations)[number], TestOperation<Price>> = true;
    const untyped: Same<ReturnType<typeof untypedOperation>, TestOperation> = true;
    const untypedOperation = () => controller.expectOne(parse('{ a }'));
    expect([operations.length, typed, untyped]).to.deep.equal([1, true, true]);
    expect(untypedOperation).to.throw('found none');
  });

  it('gives a predicate empty variables if the client sent none', () => {
    send();
    const seen = controller.match(({ query, variables }) => {
      expect(variables).to.be.an('object');
      return query.includes('other') && !('symbol' in variables);
    });
    expect(seen.map(({ request }) => request)).to.deep.equal([
      { query: 'subscription { other }', variables: {} },
    ]);
  });
});
