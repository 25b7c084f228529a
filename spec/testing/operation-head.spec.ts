import { expect } from 'chai';
import { describe, it } from 'mocha';
import type { SentRequest } from 'rx-graphql-ws';
import { operationHead } from '../../lib/testing/operation-head.js';

const headOf = (query: string, operationName?: string) =>
  operationHead({ query, ...(operationName !== undefined && { operationName }) } as SentRequest);

describe('operationHead', () => {
  for (const [query, type, name] of [
    ['{ a }', 'query', undefined],
    ['query { a }', 'query', undefined],
    ['query A{a}', 'query', 'A'],
    [
      'mutation M($input: In = { query: "}" }, $b: [Int] = [1]) { query(input: $input) }',
      'mutation',
      'M',
    ],
    ['subscription S @ live (if: true) @b { mutation { a } }', 'subscription', 'S'],
    ['subscription @live { a }', 'subscription', undefined],
    ['# query Not { a }\n  subscription S { a }', 'subscription', 'S'],
    ['fragment F on T { a } query A { ...F }', 'query', 'A'],
    ['query A { a(text: "} mutation B {", block: """ } mutation \\""" C { """) }', 'query', 'A'],
    ['', undefined, undefined],
    ['fragment F on T { a }', undefined, undefined],
  ])
    it(`reads "${query!}"`, () => {
      expect(headOf(query!)).to.deep.equal({ type, name });
    });

  it('reads the operation that is meant', () => {
    const document = 'query A { a } subscription B { b }';
    expect(headOf(document)).to.deep.equal({ type: 'query', name: 'A' });
    expect(headOf(document, 'B')).to.deep.equal({ type: 'subscription', name: 'B' });
  });

  it('knows the name alone of a query that is persisted', () => {
    expect(headOf('', 'A')).to.deep.equal({ type: undefined, name: 'A' });
  });
});
