import { expect } from 'chai';
import { afterEach, describe, it } from 'mocha';
import { restore, spy } from 'sinon';
import { ProtocolError } from '../../../lib/errors.js';
import type { Codec } from '../../../lib/protocol/codec.js';
import { isPartial } from '../../../lib/protocol/payload.js';
import type { Dialect } from './dialect.js';

/** The beginning of a result for the operation 1, up to its payload. */
const head = (type: string) => `{"type":"${type}","id":"1","payload":`;

function payloadIn(frame: string, { decode }: Codec) {
  const message = decode(frame);
  if (message.type !== 'next') throw new Error(`expected next, got ${message.type}`);
  return message.payload;
}

/** The promises of our codecs about results: the head decides the operation, and the payload is parsed on demand. */
export function readsResults({ create, next, complete }: Dialect): void {
  const codec = create();
  const payloadOf = (frame: string) => payloadIn(frame, codec);
  /** The same payload behind a usual head, and in front of the type. */
  const framesWith = (payload: string, more = '') => [
    `${head(next)}${payload}${more}}`,
    `{"payload":${payload}${more},"type":"${next}","id":"1"}`,
  ];

  describe('a result', () => {
    afterEach(restore);

    for (const frame of [
      `{"type":"${next}","id":"1","payload":{"data":1}}`,
      `{"id":"1","type":"${next}","payload":{"data":1}}`,
      `{"id": "1", "type": "${next}", "payload": {"data":1} }\n`,
      `{"type": "${next}", "id": "1", "payload":\n{"data":1}}`,
    ])
      it(`is not parsed before decode(): ${JSON.stringify(frame)}`, () => {
        const parse = spy(JSON, 'parse');
        const payload = payloadOf(frame);
        expect([payload.text, parse.callCount]).to.deep.equal(['{"data":1}', 0]);
        expect(payload.decode()).to.deep.equal({ data: 1 });
        expect(parse.callCount).to.equal(1);
      });

    for (const frame of [
      `{"id":"1","payload":{"data":1},"type":"${next}"}`,
      ` {\n\t"id" : "1" ,\r\n "type" : "${next}" , "payload" : {"data":1} } `,
      `{"payload":{"data":1},"type":"${next}","id":"1"}`,
      `{"type":"${next}","id":"a\\"\\\\\\n","payload":{"data":1}}`,
      `{"type":"${next}","id":1,"payload":{"data":1}}`,
      `{"seq":{"type":"a}"},"type":"${next}","id":"1","payload":{"data":1}}`,
    ])
      it(`is parsed once if its head is unusual: ${JSON.stringify(frame)}`, () => {
        const { id } = JSON.parse(frame) as { id: string | number };
        const parse = spy(JSON, 'parse');
        const message = codec.decode(frame);
        expect(message).to.include({ type: 'next', id: String(id) });
        expect(message.type === 'next' && message.payload.decode()).to.deep.equal({ data: 1 });
        expect(parse.callCount).to.equal(1);
        expect(payloadOf(frame).text).to.equal('{"data":1}');
      });

    it('has its text to the letter if its head is usual', () => {
      for (const text of [
        '{ "data" :\n1.0, "extensions": 12345678901234567890 }',
        '{"data":{"a":{}, "b":1.0}}',
      ])
        for (const frame of [`${text}}`, ` ${text} }`, `${text}} \n`])
          expect(payloadOf(head(next) + frame).text).to.equal(text);
    });

    it('may be in the end of its operation', () => {
      const message = codec.decode(`{"type":"${complete}","id":"1","payload":{"data":1}}`);
      expect(message).to.include({ type: 'complete', id: '1' });
      expect(message.type === 'complete' && message.payload?.decode()).to.deep.equal({ data: 1 });
    });

    for (const [more, payload] of [
      [true, '{"data":1,"hasNext":true}'],
      [false, '{"data":1,"hasNext":false}'],
      [false, '{"data":{"hasNext":true}}'],
      [false, '{"data":1}'],
      [false, '{"hasNext":true'],
    ] as const)
      it(`is ${more ? '' : 'not '}followed by increments: ${payload}`, () => {
        for (const frame of framesWith(payload).slice(0, payload.endsWith('}') ? 2 : 1))
          expect(isPartial(payloadOf(frame))).to.equal(more);
      });

    it('is decoded anew for each subscriber', () => {
      for (const frame of framesWith('{"data":{"a":1}}')) {
        const payload = payloadOf(frame);
        for (const read of [payload.decode(), payload.decode(), payload.decode()]) {
          expect(read).to.deep.equal({ data: { a: 1 } });
          Object.assign(read.data as object, { a: 2 });
        }
      }
    });

    // no other dialect has incremental delivery
    for (const payload of [{ incremental: [] }, { hasNext: false }])
      it(`may be ${JSON.stringify(payload)}`, () => {
        const [frame = ''] = framesWith(JSON.stringify(payload));
        expect(payloadOf(frame).decode()).to.deep.equal(payload);
      });

    for (const payload of ['null', '[]', '[{"data":1}]', '"data"', '1', 'true', '{}', '{"a":1}'])
      it(`may not be ${payload}`, () => {
        for (const frame of framesWith(payload)) {
          expect(payloadOf(frame).text).to.equal(payload);
          expect(() => payloadOf(frame).decode())
            .to.throw(ProtocolError, 'malformed result: no data or errors')
            .with.property('frame', frame);
        }
      });

    it('may not lack its payload', () => {
      const payload = payloadOf(`{"type":"${next}","id":"1"}`);
      expect(payload.text).to.equal('null');
      expect(() => payload.decode()).to.throw(ProtocolError, 'malformed result: no data');
    });

    for (const rest of [
      ...['', '{', '{"data":1', '{"data":1}', '{"data":1}}}', '{"data":1}}x', '{"data":1}}{}'],
      ...['{"data":1}}\u00a0', '{"data":1},}', '[1]', 'undefined}'],
    ])
      it(`fails in decode() if ${JSON.stringify(rest)} follows its head`, () => {
        const payload = payloadOf(`${head(next)}${rest}`);
        expect(() => payload.decode())
          .to.throw(ProtocolError, 'malformed result: not JSON')
          .with.property('cause')
          .that.is.instanceOf(SyntaxError);
      });

    it('has the text that there is if it is cut off', () => {
      for (const rest of ['{"data":1', '{"data":"a', '{"data":{"a":[1'])
        expect(payloadOf(`${head(next)}${rest}`).text).to.equal(rest);
    });

    for (const payload of [
      '{"data":1}',
      '{"data":{"a":[{}],"b":{}}}',
      '{"data":"},"}',
      '"}"',
      '1',
      'null',
    ])
      it(`ends before a field behind it: ${payload}`, () => {
        for (const behind of [{ a: 2 }, {}, { a: { b: {} } }, [{}], [], 'a}', '', 1, true, null])
          for (const name of [',"seq":', '\n,\t"}":'])
            for (const frame of framesWith(payload, `${name}${JSON.stringify(behind)} `)) {
              const read = payloadOf(frame);
              expect(read.text).to.equal(payload);
              if (payload.startsWith('{"data"'))
                expect(read.decode()).to.deep.equal(JSON.parse(payload));
              else expect(() => read.decode()).to.throw(ProtocolError, 'no data or errors');
            }
      });

    for (const [what, frame] of [
      ['payload', `${head(next)}{"data":1},"payload":{"data":2}}`],
      ['escaped name', `${head(next)}{"data":1},"p\\u0061yload":{"data":2}}`],
      ['id and type', `${head(next)}{"data":2},"id":"2","type":"ping"}`],
      ['payload before the type', `{"payload":1,"id":"1","payload":{"data":2},"type":"${next}"}`],
    ] as const)
      it(`has the operation of its head and the last payload, if fields are repeated: ${what}`, () => {
        expect(codec.decode(frame)).to.include({ type: 'next', id: '1' });
        expect(payloadOf(frame).text).to.equal('{"data":2}');
        expect(payloadOf(frame).decode()).to.deep.equal({ data: 2 });
      });

    it('goes through the reviver, without the rest of the frame', () => {
      const at = '{"data":{"at":"1"}}';
      const seq = [...framesWith(at, ',"seq":1'), ...framesWith(at, ',"seq":{}')];
      for (const frame of [...framesWith(at), ...seq]) {
        const keys: string[] = [];
        const reviving = create(undefined, (key, value: unknown) => {
          keys.push(key);
          return key === 'at' ? Number(value) : value;
        });
        expect(payloadIn(frame, reviving).decode(), frame).to.deep.equal({ data: { at: 1 } });
        expect(keys.slice(-3)).to.deep.equal(['at', 'data', '']);
      }
    });

    it('is parsed once for the reviver if its head is usual', () => {
      const payload = payloadIn(
        framesWith('{"data":1}')[0]!,
        create(undefined, (_, value: unknown) => value),
      );
      const parse = spy(JSON, 'parse');
      expect([payload.decode(), parse.callCount]).to.deep.equal([{ data: 1 }, 1]);
    });

    it('fails with the error of the reviver as the cause', () => {
      const fault = new Error('reviver');
      const reviving = create(undefined, () => {
        throw fault;
      });
      for (const frame of framesWith('{"data":1}'))
        expect(() => payloadIn(frame, reviving).decode())
          .to.throw(ProtocolError)
          .with.property('cause', fault);
    });
  });
}
