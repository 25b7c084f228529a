import { expect } from 'chai';
import { describe, it } from 'mocha';
import { readDocument } from '../../lib/cli/read-document.js';

describe('readDocument', () => {
  it('finds the operations and their names', () => {
    const document =
      'fragment F on T { a } mutation { b } subscription S { c } { e } query N { f }';
    expect(readDocument(document)).to.deep.equal({
      wrongAt: undefined,
      operations: [
        { type: 'mutation', name: undefined },
        { type: 'subscription', name: 'S' },
        { type: 'query', name: undefined },
        { type: 'query', name: 'N' },
      ],
    });
  });

  for (const [text, wrongAt] of [
    ['subscription { n }}', 18],
    ['{ a(b: ) }', 7],
    ['', 0],
  ] as const)
    it(`finds the place of the error in '${text}'`, () => {
      expect(readDocument(text)).to.deep.equal({ operations: [], wrongAt });
    });

  it('survives a document that is nested too deeply', () => {
    expect(readDocument('{a'.repeat(100_000)).operations).to.deep.equal([]);
  });
});
