import { expect } from 'chai';
import { describe, it } from 'mocha';
import type { Dialect } from './dialect.js';

/** From frames to neutral messages, without a field too many. */
export function readsExactly({ create, says, error, complete }: Dialect): void {
  const codec = create();
  const decode = (message: object) => codec.decode(JSON.stringify(message));

  describe('decode', () => {
    it('gives a message no payload where the frame has none', () => {
      for (const [wire, type] of says) expect(decode({ type: wire })).to.deep.equal({ type });
    });

    for (const payload of [null, {}, { a: [1] }, [], 'text', 0, false])
      it(`passes the payload ${JSON.stringify(payload)} on, a pong’s too`, () => {
        for (const [wire, type] of says)
          expect(decode({ type: wire, payload })).to.deep.equal({ type, payload });
      });

    it('gives an end nothing but its id', () => {
      const ends = [{}, { payload: null }, { payload: {} }, { seq: 3 }];
      for (const more of ends)
        expect(decode({ type: complete, id: '1', ...more })).to.deep.equal({
          type: 'complete',
          id: '1',
        });
    });

    it('gives an error its errors as they came', () => {
      const errors = [{ message: 'm', path: ['a', 0], extensions: { code: 'X' } }];
      expect(decode({ type: error, id: '1', payload: errors })).to.deep.equal({
        type: 'error',
        id: '1',
        errors,
      });
    });
  });
}
