import { expect } from 'chai';
import { describe, it } from 'mocha';
import { ProtocolError } from '../../../lib/errors.js';
import type { ClientMessage } from '../../../lib/protocol/codec.js';
import type { Dialect } from './dialect.js';

const subscribe = (variables: object): ClientMessage => ({
  type: 'subscribe',
  id: '1',
  payload: { query: '{ a }', variables },
});

const unknown = { message: 'unknown error' };
const message = { message: 'm' };
const located = { message: 'm', locations: [{ line: 1, column: 2 }], path: ['a'] };
const text = { message: 'text' };

/** The errors of an operation as servers write them, and as the codec reads them. */
const errorPayloads: readonly (readonly [payload: unknown, errors: readonly object[]])[] = [
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
  [{ errors: [null, 'text', {}, 1] }, [unknown, text, unknown, unknown]],
  ...[{ errors: [{ message: 1 }] }, { errors: [] }, { errors: 'text' }, { message: 1 }].map(
    (payload) => [payload, [unknown]] as const,
  ),
  ['text', [text]],
  [
    ['text', message],
    [text, message],
  ],
  ...[[null], [{}], {}, [], null, undefined, 7].map((payload) => [payload, [unknown]] as const),
];

const refused: Readonly<Record<string, (next: string) => readonly string[]>> = {
  'malformed frame: not JSON': (next) => [
    ...['', ' ', 'undefined', '{', '{"type":"x"', '{"type":"x"}}', "{'type':'x'}", '\ufeff{}'],
    `{"id":"1","payload":{"data":{"type":1}}\u00a0,"type":"${next}"}`,
  ],
  'malformed frame: no message type': () => [
    ...['null', '[]', '[{"type":"x"}]', '"x"', '1', 'true', '1e999', '{}', '{"type":null}'],
    ...['{"type":1}', '{"type":["x"]}', '{"id":"1","payload":{"data":1}}'],
  ],
  'malformed frame: a result without id': (next) =>
    [undefined, null, '', {}, [], true].flatMap((id) => [
      JSON.stringify({ type: next, id, payload: { data: 1 } }),
      JSON.stringify({ id, type: next, payload: { data: 1 } }),
    ]),
};

/** The promises of our codecs about all messages but results: the contract allows more. */
export function keepsToMessages({ create, canPing, error, complete, next }: Dialect): void {
  const codec = create();
  const decode = (wire: object) => codec.decode(JSON.stringify(wire));

  it('says whether the client may ping', () => {
    expect(codec.canPing).to.equal(canPing);
  });

  it('throws the errors of JSON.stringify', () => {
    const cycle: Record<string, unknown> = {};
    cycle.self = cycle;
    expect(() => codec.encode(subscribe({ big: 1n }))).to.throw(TypeError);
    expect(() => codec.encode(subscribe(cycle))).to.throw(TypeError);
  });

  for (const [payload, errors] of errorPayloads)
    it(`reads ${JSON.stringify(errors)} from the payload ${JSON.stringify(payload)}`, () => {
      expect(decode({ type: error, id: '1', payload })).to.deep.equal({
        ...{ type: 'error', id: '1', errors },
      });
    });

  it('ignores errors and ends without an id', () => {
    for (const type of [error, complete])
      for (const id of [undefined, null, '', {}, [], true]) {
        const frame = JSON.stringify({ type, id, payload: { message: 'could not parse' } });
        expect(codec.decode(frame)).to.deep.equal({ type: 'unknown', frame });
      }
  });

  it('reads numbers as ids', () => {
    const payload = { data: 1 };
    expect(decode({ type: next, id: 12, payload })).to.include({ type: 'next', id: '12' });
    expect(decode({ id: 0, type: next, payload })).to.include({ type: 'next', id: '0' });
    expect(decode({ type: error, id: 12 })).to.include({ type: 'error', id: '12' });
    expect(decode({ type: complete, id: 12 })).to.include({ type: 'complete', id: '12' });
  });

  describe('refuses a frame with the message', () => {
    for (const [what, frames] of Object.entries(refused))
      it(what, () => {
        for (const frame of frames(next))
          expect(() => codec.decode(frame), frame)
            .to.throw(ProtocolError, what)
            .with.property('frame', frame);
      });

    it('and keeps 200 characters of the frame, and the cause', () => {
      const frame = `{"type":"${next}","payload":"${'é'.repeat(300)}"`;
      const refusal = expect(() => codec.decode(frame)).to.throw(ProtocolError);
      refusal.with.property('frame', frame.slice(0, 200));
      expect(() => codec.decode('{'))
        .to.throw(ProtocolError)
        .with.property('cause')
        .that.is.instanceOf(SyntaxError);
    });
  });
}
