import { expect } from 'chai';
import { describe, it } from 'mocha';
import { inspect } from 'node:util';
import { canary, formsIn, textsOf } from './canary.js';

const shows = (value: unknown) => textsOf(value).some((text) => formsIn(text).length > 0);

/** What the tests of this folder would not find, they could not miss. */
describe('the search for a canary', () => {
  const deep = (levels: number): object => (levels ? { a: deep(levels - 1) } : { canary });
  const found: readonly (readonly [string, unknown])[] = [
    ['a text', `Bearer ${canary}`],
    ['another case, as of a host', canary.toLowerCase()],
    ['base64', Buffer.from(`user:${canary}`).toString('base64')],
    ['base64, one byte on', Buffer.from(`{ "a": "${canary}" }`).toString('base64')],
    ['base64, two bytes on', Buffer.from(`ab${canary}>>>???`).toString('base64')],
    ['base64url', Buffer.from(`>>>???${canary}>>>???`).toString('base64url')],
    ['hex', Buffer.from(canary).toString('hex')],
    ['a percent-encoded text', encodeURIComponent(`?${canary}+/ü`)],
    ['a buffer', Buffer.from(canary)],
    ['a name', { [canary]: 1 }],
    ['the depth', deep(30)],
    ['a list of many', [...Array(500).keys(), canary]],
    ['a map', new Map([[{}, new Set([canary])]])],
    ['a getter', Object.defineProperty({}, 'hidden', { get: () => canary })],
    ['a symbol', { [Symbol(canary)]: 1 }],
    ['toJSON', { toJSON: () => canary }],
    ['toString', { toString: () => canary }],
    ['its inspection', { [inspect.custom]: () => canary }],
    ['the cause of a cause', new Error('a', { cause: new Error('b', { cause: canary }) })],
    ['one of several errors', new AggregateError([new Error(canary)], 'several')],
    ['a field of an error', Object.assign(new Error('a'), { reason: canary })],
  ];
  for (const [what, value] of found)
    it(`finds one in ${what}`, () => {
      expect(shows(value)).to.equal(true);
    });

  it('finds none where there is none', () => {
    for (const value of [undefined, null, 'Canary', Buffer.from('abc'), new Error('no'), {}])
      expect(shows(value)).to.equal(false);
  });

  it('does not pass over what cannot be serialised', () => {
    const circular: { self?: object } = {};
    circular.self = circular;
    expect(() => textsOf(circular)).to.throw('circular');
  });
});
