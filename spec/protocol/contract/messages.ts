import { expect } from 'chai';
import { describe, it } from 'mocha';
import { ProtocolError } from '../../../lib/errors.js';
import type { Dialect } from './dialect.js';

const unknown = { message: 'unknown error' };
const message = { message: 'm' };
const located = { message: 'm', locations: [{ line: 1, column: 2 }], path: ['a'] };
const text = { message: 'text' };

/** A value in so many lists. */
function nested(depth: number, value: unknown): unknown {
  return depth === 0 ? value : [nested(depth - 1, value)];
}

/** A value in so many objects. */
function detailed(depth: number, value: unknown): unknown {
  return depth === 0 ? value : { detail: detailed(depth - 1, value) };
}

/** Values that hold a text somewhere, and the text. */
const odd: readonly (readonly [value: unknown, found: string])[] = [
  ['text', 'text'],
  [message, 'm'],
  [['text'], 'text'],
  [[['m'], [null, { detail: 'n' }]], 'm; n'],
  [{ message: null, errors: { error: 'text' } }, 'text'],
];

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
  [{ errors: [{ message: 1 }] }, [unknown]],
  [{ errors: [] }, [{ errors: [], ...unknown }]],
  [[{ ...message, errors: [] }], [{ ...message, errors: [] }]],
  [{ errors: {}, code: 7 }, [{ errors: {}, code: 7, ...unknown }]],
  [{ message: 1 }, [unknown]],
  [[''], [unknown]],
  ['text', [text]],
  // without a text as `message`: the text is searched, and the rest is kept
  ...['error', 'detail', 'reason', 'Message'].flatMap((name) =>
    odd.map(([value, found]) => {
      const given = { [name]: value, code: 7 };
      return [given, [{ ...given, message: found }]] as const;
    }),
  ),
  [{ errors: 'text' }, [{ errors: 'text', message: 'text' }]],
  [{ errors: message }, [{ errors: message, message: 'm' }]],
  [{ message: null, error: 'text', code: 7 }, [{ message: 'text', error: 'text', code: 7 }]],
  [{ message: ['text', 'm'] }, [{ message: 'text; m' }]],
  [{ message: '', reason: 'text' }, [{ message: 'text', reason: 'text' }]],
  [{ message: '' }, [unknown]],
  [nested(12, 'text'), [text]],
  [nested(40, 'text'), [unknown]],
  [nested(7, ['a', 'b']), [{ message: 'a' }, { message: 'b' }]],
  [nested(8, ['a', 'b']), [{ message: 'a; b' }]],
  [{ error: detailed(7, 'text') }, [{ error: detailed(7, 'text'), ...text }]],
  [{ error: detailed(8, 'text') }, [{ error: detailed(8, 'text'), ...unknown }]],
  [
    { path: '$', error: 'text', code: 'validation-failed' },
    [{ path: '$', error: 'text', code: 'validation-failed', message: 'text' }],
  ],
  [
    [[[message], 'text'], located],
    [message, text, located],
  ],
  [{ errors: [[message], { errors: [located] }] }, [message, located]],
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
export function keepsToMessages({ create, canPing, error, next }: Dialect): void {
  const codec = create();

  it('says whether the client may ping', () => {
    expect(codec.canPing).to.equal(canPing);
  });

  it('has no payload where the frame has none', () => {
    expect(codec.decode('{"type":"connection_ack"}')).to.have.all.keys('type');
  });

  for (const [payload, errors] of errorPayloads)
    it(`reads ${JSON.stringify(errors)} from the payload ${JSON.stringify(payload)}`, () => {
      const frame = JSON.stringify({ type: error, id: '1', payload });
      expect(codec.decode(frame)).to.deep.equal({ type: 'error', id: '1', errors });
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
