import { expect } from 'chai';
import { describe, it } from 'mocha';
import { ProtocolError } from '../../../lib/errors.js';
import type { Dialect } from './dialect.js';

/** Frames that end the connection. */
export function refusesFrames({ create, next }: Dialect): void {
  const codec = create();
  const refused: [what: string, message: string, frames: readonly string[]][] = [
    [
      'no JSON',
      'malformed frame: not JSON',
      [
        ...['', ' ', 'undefined', '{', '{"type":"x"', '{"type":"x"}}', "{'type':'x'}", '\ufeff{}'],
        `{"id":"1","payload":{"data":{"type":1}}\u00a0,"type":"${next}"}`,
      ],
    ],
    [
      'no message type',
      'malformed frame: no message type',
      [
        'null',
        '[]',
        '[{"type":"x"}]',
        '"x"',
        '1',
        'true',
        '1e999',
        '{}',
        '{"type":null}',
        '{"type":1}',
        '{"type":["x"]}',
        '{"id":"1","payload":{"data":1}}',
      ],
    ],
    [
      'a result without id',
      'malformed frame: a result without id',
      [undefined, null, '', {}, [], true].flatMap((id) => [
        JSON.stringify({ type: next, id, payload: { data: 1 } }),
        JSON.stringify({ id, type: next, payload: { data: 1 } }),
      ]),
    ],
  ];

  describe('throws a ProtocolError for', () => {
    for (const [what, message, frames] of refused)
      for (const frame of frames)
        it(`${what}: ${JSON.stringify(frame)}`, () => {
          expect(() => codec.decode(frame))
            .to.throw(ProtocolError, message)
            .with.property('frame', frame);
        });

    it('a frame of which it keeps 200 characters', () => {
      const frame = `{"type":"${next}","payload":"${'é'.repeat(300)}"}`;
      expect(() => codec.decode(frame))
        .to.throw(ProtocolError)
        .with.property('frame', frame.slice(0, 200));
    });

    it('a frame that is not JSON, with the cause', () => {
      expect(() => codec.decode('{'))
        .to.throw(ProtocolError)
        .with.property('cause')
        .that.is.instanceOf(SyntaxError);
    });
  });
}
