import { expect } from 'chai';
import { describe, it } from 'mocha';
import type { ClientMessage } from '../../../lib/protocol/codec.js';
import type { Dialect } from './dialect.js';

const subscribe = (variables: object): ClientMessage => ({
  type: 'subscribe',
  id: '1',
  payload: { query: '{ a }', variables },
});

/** From neutral messages to frames, as JSON.stringify does it. */
export function encodesExactly({ create, canPing }: Dialect): void {
  const codec = create();

  describe('encode', () => {
    it('says whether the client may ping', () => {
      expect(codec.canPing).to.equal(canPing);
    });

    it('throws what JSON.stringify throws', () => {
      const cycle: Record<string, unknown> = {};
      cycle.self = cycle;
      expect(() => codec.encode(subscribe({ big: 1n }))).to.throw(TypeError);
      expect(() => codec.encode(subscribe(cycle))).to.throw(TypeError);
    });

    it('keeps every character of text and variables', () => {
      const query = '# \u2028 é 😀 "\\\n\tquery { a(b: """ \\""" """) }';
      const frame = codec.encode({
        type: 'subscribe',
        id: '"\\😀',
        payload: { query, variables: { '\u0000': '\ud800' } },
      });
      expect(frame).to.contain(JSON.stringify(query)).and.to.contain(JSON.stringify('"\\😀'));
      expect(JSON.parse(frame)).to.deep.include({ id: '"\\😀' });
    });
  });
}
