import { expect } from 'chai';
import { describe, it } from 'mocha';
import type { Dialect } from './dialect.js';

/** From frames to neutral messages. */
export function decodesMessages({ create, says, next, error, complete }: Dialect): void {
  const codec = create();
  const decode = (message: object) => codec.decode(JSON.stringify(message));

  describe('decode', () => {
    for (const [wire, type] of says) {
      it(`reads ${wire} as ${type}`, () => {
        expect(decode({ type: wire })).to.deep.equal({ type });
      });

      for (const payload of [null, {}, { a: [1] }, [], 'text', 0, false])
        it(`keeps the payload ${JSON.stringify(payload)} of ${wire}`, () => {
          expect(decode({ type: wire, payload })).to.deep.equal({ type, payload });
        });
    }

    it(`reads ${next} as next`, () => {
      const message = decode({ type: next, id: '1', payload: { data: { a: 1 } } });
      expect(message).to.include({ type: 'next', id: '1' });
      expect(message).to.have.property('payload').that.has.property('text', '{"data":{"a":1}}');
    });

    it(`reads ${error} as error`, () => {
      const errors = [{ message: 'm', path: ['a', 0], extensions: { code: 'X' } }];
      expect(decode({ type: error, id: '1', payload: errors })).to.deep.equal({
        type: 'error',
        id: '1',
        errors,
      });
    });

    it(`reads ${complete} as complete`, () => {
      expect(decode({ type: complete, id: '1' })).to.deep.equal({ type: 'complete', id: '1' });
    });

    for (const payload of [null, {}, [], 'text'])
      it(`reads ${complete} with the payload ${JSON.stringify(payload)}`, () => {
        expect(decode({ type: complete, id: '1', payload })).to.deep.equal({
          type: 'complete',
          id: '1',
        });
      });
  });
}
