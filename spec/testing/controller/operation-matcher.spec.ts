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
const variables = { symbol: 'SOL', range: { from: 1, to: 2 } };
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

  afterEach(() => {
    controller.close();
  });

  for (const [what, matcher] of [
    ['the name in the document', 'Prices'],
    ['the whole text', text],
    [
      'the text in other white space',
      ' subscription Prices($symbol: String!) { price(symbol: $symbol) } ',
    ],
    ['a RegExp', /price\(/],
    ['a DocumentNode', node],
    ['a TypedDocumentString', typedText],
    ['an object with the name', { operationName: 'Prices' }],
    ['an object with the text', { query: text }],
    ['an object with a RegExp', { query: /price/ }],
    ['an object with a document', { query: node, operationName: 'Prices' }],
    ['an object with some variables', { variables: { range: { to: 2 } } }],
    ['a predicate', ({ query }) => query.includes('Prices')],
  ] satisfies [string, OperationMatcher][])
    it(`is ${what}`, () => {
      send();
      expect(idsOf(matcher)).to.deep.equal(['1']);
    });

  for (const [what, matcher] of [
    ['a part of the text', 'subscription'],
    ['the name in other letters', 'prices'],
    ['a name that is a text', { query: 'Prices' }],
    ['another name', { operationName: 'Price', variables: { symbol: 'SOL' } }],
    ['another text', { query: /other/, variables: { symbol: 'SOL' } }],
    ['other variables', { operationName: 'Prices', variables: { symbol: 'ETH' } }],
  ] satisfies [string, OperationMatcher][])
    it(`is not ${what}`, () => {
      send().expectNone(matcher);
    });

  it('is the name that was sent', () => {
    send();
    const query = 'subscription A { a } subscription B { b }';
    controller.subscribe$({ query, operationName: 'B' }).subscribe();
    controller.expectNone('A');
    expect(idsOf('B')).to.deep.equal(['3']);
  });

  it('is a RegExp that remembers where it was', () => {
    send();
    for (const symbol of ['ETH', 'BTC'])
      controller.subscribe$({ query: text, variables: { symbol } }).subscribe();
    expect(idsOf(/price/g)).to.deep.equal(['1', '3', '4']);
  });

  it('matches everything when it demands nothing', () => {
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

  it('compares variables as they are sent', () => {
    const jsonReplacer = (_key: string, value: unknown) =>
      typeof value === 'bigint' ? `${value}n` : value;
    send({ jsonReplacer });
    const since = { at: new Date(0), block: 7n };
    controller.subscribe$({ query: 'subscription Since { a }', variables: since }).subscribe();
    expect(idsOf({ variables: { ...since, until: undefined } })).to.deep.equal(['3']);
  });

  it('finds what was taken no more', () => {
    send();
    controller.expectOne('Prices');
    expect(idsOf('Prices')).to.deep.equal([]);
    controller.expectNone('Prices');
  });

  it('finds what was unsubscribed', () => {
    send();
    controller.expectNone('Left');
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

  it('is asked with variables, though none were sent', () => {
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
