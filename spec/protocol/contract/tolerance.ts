import { expect } from 'chai';
import { describe, it } from 'mocha';
import type { Dialect } from './dialect.js';

const unknown = { message: 'unknown error' };
const message = { message: 'm' };
const located = { message: 'm', locations: [{ line: 1, column: 2 }], path: ['a'] };

/** The errors of an operation as servers write them, and as we read them. */
const errorPayloads: [payload: unknown, errors: object[]][] = [
  [[located], [located]],
  [
    [message, located],
    [message, located],
  ],
  [message, [message]],
  [{ errors: [message, located] }, [message, located]],
  [
    [{ errors: [message] }, located],
    [message, located],
  ],
  [{ data: null, errors: [message] }, [message]],
  [{ errors: [null, 'text', {}, 1] }, [unknown, { message: 'text' }, unknown, unknown]],
  [{ errors: [{ message: 1 }] }, [unknown]],
  [{ errors: [] }, [unknown]],
  [{ errors: 'text' }, [unknown]],
  [{ message: 1 }, [unknown]],
  ['text', [{ message: 'text' }]],
  [
    ['text', message],
    [{ message: 'text' }, message],
  ],
  [[null], [unknown]],
  [[{}], [unknown]],
  [{}, [unknown]],
  [[], [unknown]],
  [null, [unknown]],
  [undefined, [unknown]],
  [7, [unknown]],
];

const strayIds = [undefined, null, '', {}, [], true];

const shown = (value: unknown) => (value === undefined ? 'missing' : JSON.stringify(value));

/** Frames of real servers that are let pass. The contract would also allow to refuse them. */
export function toleratesServers({ create, next, error, complete, foreign }: Dialect): void {
  const codec = create();
  const decode = (wire: object) => codec.decode(JSON.stringify(wire));

  describe('tolerates', () => {
    for (const [payload, errors] of errorPayloads)
      it(`an ${error} with the payload ${shown(payload)}`, () => {
        expect(decode({ type: error, id: '1', payload })).to.deep.equal({
          type: 'error',
          id: '1',
          errors,
        });
      });

    for (const type of [
      'nonsense',
      '',
      'NEXT',
      '__proto__',
      'constructor',
      'toString',
      '\ud800',
      ...foreign,
    ])
      it(`the unknown type ${JSON.stringify(type)}`, () => {
        for (const wire of [{ type }, { type, id: '1' }, { type, id: '1', payload: { data: 1 } }]) {
          const frame = JSON.stringify(wire);
          expect(codec.decode(frame)).to.deep.equal({ type: 'unknown', frame });
        }
      });

    for (const type of [error, complete])
      for (const id of strayIds)
        it(`${type} with the id ${shown(id)}`, () => {
          const frame = JSON.stringify({ type, id, payload: { message: 'could not parse' } });
          expect(codec.decode(frame)).to.deep.equal({ type: 'unknown', frame });
        });

    it('ids echoed as numbers', () => {
      expect(decode({ type: next, id: 12, payload: { data: 1 } })).to.include({ id: '12' });
      expect(decode({ id: 0, type: next, payload: { data: 1 } })).to.include({ id: '0' });
      expect(decode({ type: error, id: 12 })).to.include({ type: 'error', id: '12' });
      expect(decode({ type: complete, id: 12 })).to.include({ type: 'complete', id: '12' });
    });
  });
}
