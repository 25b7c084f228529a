import { expect } from 'chai';
import { describe, it } from 'mocha';
import type { ClientMessage } from '../../../lib/protocol/codec.js';
import type { Dialect } from './dialect.js';

const subscribe = (variables: object): ClientMessage => ({
  type: 'subscribe',
  id: '1',
  payload: { query: '{ a }', variables },
});

/** From neutral messages to frames. */
export function encodesMessages({ create, canPing, sends }: Dialect): void {
  const codec = create();

  describe('encode', () => {
    it('says whether the client may ping', () => {
      expect(codec.canPing).to.equal(canPing);
    });

    for (const [message, wire] of sends)
      it(`writes ${JSON.stringify(message)} as ${wire ? JSON.stringify(wire) : 'nothing'}`, () => {
        const frame = codec.encode(message);
        if (wire === undefined) expect(frame).to.equal('');
        else expect(JSON.parse(frame)).to.deep.equal(wire);
      });

    it('covers every message of a client', () => {
      const types = new Set(sends.map(([{ type }]) => type));
      expect([...types]).to.have.members([
        'init',
        'ping',
        'pong',
        'subscribe',
        'complete',
        'terminate',
      ]);
    });

    it('writes the same frame for the same message', () => {
      for (const [message] of sends) expect(codec.encode(message)).to.equal(codec.encode(message));
    });

    it('hands values to the replacer', () => {
      const { encode } = create((_key, value: unknown) =>
        typeof value === 'bigint' ? `${value}n` : value,
      );
      expect(encode(subscribe({ block: 9007199254740993n }))).to.contain('"9007199254740993n"');
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
