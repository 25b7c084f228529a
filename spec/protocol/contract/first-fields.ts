import { expect } from 'chai';
import { describe, it } from 'mocha';
import { ProtocolError } from '../../../lib/errors.js';
import type { Dialect } from './dialect.js';
import { head, payloadOf } from './payload-of.js';

/** Whatever is behind it or comes again, the first field counts, and the payload ends where it ends. */
export function takesFirstFields({ create, next, complete }: Dialect): void {
  const codec = create();

  describe('the first field', () => {
    for (const [type, second, meaning] of [
      [next, complete, 'next'],
      [complete, next, 'complete'],
      ['nonsense', next, 'unknown'],
    ])
      for (const [id, payload] of [
        ['"id":"1"', '"payload":{"data":1}'],
        ['"id":"1"', '"payload":{"data":1},"id":"2","payload":{"data":2}'],
        ['"id":"1","id":"2"', '"payload":{"data":1},"payload":2'],
        ['"\\u0069d":"1","id":"2"', '"p\\u0061yload":{"data":1},"payload":{"data":2}'],
      ])
        for (const fields of [
          [`"type":"${type}"`, id, `"type":"${second}"`, payload],
          [`"type":"${type}"`, id, payload, `"type":"${second}"`],
          [`"type":"${type}"`, id, payload, `"t\\u0079pe":"${second}"`],
          [id, `"type":"${type}"`, payload, `"type":"${second}"`, '"id":{},"payload":{}'],
          [id, payload, `"type":"${type}"`, `"type":"${second}"`, '"id":null'],
          [id, payload, `"type":"${type}"`, `"type":"${second}"`],
          [id, payload, `"t\\u0079pe":"${type}"`, `"type":"${second}"`],
          [id, payload, `"type":"${type}"`, '"seq":1', `"type":"${second}"`],
        ])
          it(`takes what comes first: {${fields.join()}}`, () => {
            const frame = `{${fields.join()}}`;
            expect(codec.decode(frame)).to.include({ type: meaning });
            if (meaning !== 'unknown') expect(codec.decode(frame)).to.include({ id: '1' });
            if (meaning !== 'next') return;
            expect(payloadOf(frame, codec).text).to.equal('{"data":1}');
            expect(payloadOf(frame, codec).decode()).to.deep.equal({ data: 1 });
          });

    for (const payload of [
      '{"data":{"a":[{}],"b":{}}}',
      '{"data":"},"}',
      '{"data":{"a":1}}',
      '[{"data":1}]',
      '"}"',
      '1',
      'null',
    ])
      for (const behind of [{ a: 2 }, {}, { a: { b: {} } }, [{}], [], 'a}', '', 1, true, null])
        it(`ends before what is behind it: ${payload}, ${JSON.stringify(behind)}`, () => {
          const value = JSON.stringify(behind);
          for (const field of [`,"seq":${value}`, `\n,\t"}":${value} `])
            for (const frame of [
              `${head(next)}${payload}${field}}`,
              `{"payload":${payload}${field},"type":"${next}","id":"1"}`,
            ]) {
              const read = payloadOf(frame, codec);
              expect(read.text).to.equal(payload);
              if (payload.startsWith('{"data"'))
                expect(read.decode()).to.deep.equal(JSON.parse(payload));
              else expect(() => read.decode()).to.throw(ProtocolError, 'no data or errors');
            }
        });
  });
}
