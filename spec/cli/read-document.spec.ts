import { expect } from 'chai';
import type { GraphQLError } from 'graphql';
import { parse } from 'graphql';
import { describe, it } from 'mocha';
import { readDocument } from '../../lib/cli/read-document.js';

/** The index at which graphql-js finds the error; `undefined` if it finds none. */
function judgedByGraphqlJs(text: string): number | undefined {
  try {
    parse(text);
    return undefined;
  } catch (error) {
    return (error as GraphQLError).positions?.[0];
  }
}

const documents = [
  '{ a }',
  '# comment\n\uFEFFquery Q($a: Int! = 1, $b: [String!]! = ["x", """y"""] @d(e: {f: 1})) @g { h: i(j: $a, k: [1 -2.5e+3 true null ENUM], l: {m: "\\"n"}) @o { p ...Q ... on R @s { t } ... @u(v: 1) { w } } }',
  'fragment on1 on T { a } mutation { b } subscription S { c, d }',
  'query ($a: Int) { a(b: "x{y}z") }',
  '{ a(b: """ block \\""" { """) }',
];

describe('readDocument', function () {
  this.timeout(20_000);
  this.slow(5_000);
  it('finds the operations and their names', () => {
    expect(readDocument(`${documents[2]!} { e } query N { f }`)).to.deep.equal({
      wrongAt: undefined,
      operations: [
        { type: 'mutation', name: undefined },
        { type: 'subscription', name: 'S' },
        { type: 'query', name: undefined },
        { type: 'query', name: 'N' },
      ],
    });
  });

  it('takes what graphql-js takes', () => {
    for (const text of documents) expect(readDocument(text).wrongAt, text).to.equal(undefined);
  });

  it('finds the error where graphql-js finds it, whichever character is lost, doubled or changed', () => {
    for (const text of documents)
      for (let index = 0; index < text.length; index++)
        for (const put of ['', text.charAt(index).repeat(2), '{', ')', ':', ' ', 'x', '?', '"']) {
          const changed = text.slice(0, index) + put + text.slice(index + 1);
          const expected = judgedByGraphqlJs(changed);
          const { wrongAt } = readDocument(changed);
          // of a broken text or number graphql-js shows a later place, and we the beginning
          if (!/["\d-]/.test(changed.charAt(wrongAt ?? Infinity)) || wrongAt === expected)
            expect(wrongAt, changed).to.equal(expected);
        }
  });
});
