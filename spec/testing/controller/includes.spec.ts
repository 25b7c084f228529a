import { expect } from 'chai';
import { describe, it } from 'mocha';
import { includes } from '../../../lib/testing/controller/includes.js';

const actual = { a: 1, b: { c: 'x', d: [1, { e: 2, f: null }] } };

describe('includes', () => {
  for (const demanded of [
    {},
    { a: 1 },
    { b: {} },
    { b: { c: 'x' } },
    { b: { d: [1, { e: 2 }] } },
    { b: { d: [1, { f: null }] } },
  ])
    it(`finds ${JSON.stringify(demanded)}`, () => {
      expect(includes(actual, demanded)).to.equal(true);
    });

  for (const demanded of [
    { a: 2 },
    { a: '1' },
    { a: { b: 1 } },
    { z: null },
    { toString: {} },
    { b: { c: null } },
    { b: { d: [1] } },
    { b: { d: [1, { e: 3 }] } },
    { b: { d: { 0: 1, 1: { e: 2 } } } },
    { b: [] },
  ])
    it(`misses ${JSON.stringify(demanded)}`, () => {
      expect(includes(actual, demanded)).to.equal(false);
    });

  it('finds nothing where there are no variables', () => {
    expect(includes(undefined, { a: 1 })).to.equal(false);
  });
});
