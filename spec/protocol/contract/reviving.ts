import { expect } from 'chai';
import { describe, it } from 'mocha';
import { ProtocolError } from '../../../lib/errors.js';
import type { Dialect } from './dialect.js';
import { head, payloadOf } from './payload-of.js';

/** The reviver gets results, as `JSON.parse` would give them to it. */
export function revivesResults({ create, next }: Dialect): void {
  describe('a reviver', () => {
    for (const frame of [
      `${head(next)}{"data":{"at":"1"}}}`,
      `${head(next)}{"data":{"at":"1"}},"seq":1}`,
      `${head(next)}{"data":{"at":"1"}},"seq":{}}`,
      `{"id":"1","payload":{"data":{"at":"1"}},"type":"${next}"}`,
      `{"id":"1","payload":{"data":{"at":"1"}},"seq":1,"type":"${next}"}`,
      `{"payload":{"data":{"at":"1"}},"type":"${next}","id":"1"}`,
    ])
      it(`is given the payload alone: ${frame}`, () => {
        const keys: string[] = [];
        const reviving = create(undefined, (key, value: unknown) => {
          keys.push(key);
          return key === 'at' ? Number(value) : value;
        });
        expect(payloadOf(frame, reviving).decode()).to.deep.equal({ data: { at: 1 } });
        expect(keys.slice(-3)).to.deep.equal(['at', 'data', '']);
      });

    for (const frame of [
      `${head(next)}{"data":1}}`,
      `{"payload":{"data":1},"type":"${next}","id":"1"}`,
    ])
      it(`has the result refused where it throws: ${frame}`, () => {
        const fault = new Error('reviver');
        const reviving = create(undefined, () => {
          throw fault;
        });
        expect(() => payloadOf(frame, reviving).decode())
          .to.throw(ProtocolError)
          .with.property('cause', fault);
      });
  });
}
