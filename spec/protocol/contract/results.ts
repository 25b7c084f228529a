import { expect } from 'chai';
import { afterEach, describe, it } from 'mocha';
import { restore, spy } from 'sinon';
import { ProtocolError } from '../../../lib/errors.js';
import type { Dialect } from './dialect.js';
import { head, payloadOf as payloadIn } from './payload-of.js';

/** A result is found by its head, and parsed when somebody wants it. */
export function readsResults({ create, next }: Dialect): void {
  const codec = create();
  const payloadOf = (frame: string) => payloadIn(frame, codec);

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
        expect(payload.text).to.equal('{"data":1}');
        expect(parse.callCount).to.equal(0);
        expect(payload.decode()).to.deep.equal({ data: 1 });
        expect(parse.callCount).to.equal(1);
      });

    it('has its text as it came, if its head is a usual one', () => {
      const text = '{ "data" :\n1.0, "extensions": 12345678901234567890 }';
      for (const frame of [`${head(next)}${text}}`, `${head(next)} ${text} }`])
        expect(payloadOf(frame).text).to.equal(text);
    });

    for (const [what, frame] of [
      ['its type comes last', `{"id":"1","payload":{"data":{"id":1}},"type":"${next}"}`],
      [
        'its head has other white space',
        ` {\n\t"id" : "1" ,\r\n "type" : "${next}" , "payload" : {"data":{"id":1}} } `,
      ],
      ['its payload comes first', `{"payload":{"data":{"id":1}},"type":"${next}","id":"1"}`],
    ] as const)
      it(`is parsed once, to be routed, if ${what}`, () => {
        const parse = spy(JSON, 'parse');
        const payload = payloadOf(frame);
        expect(parse.callCount).to.equal(1);
        expect(payload.decode()).to.have.nested.property('data.id', 1);
        expect(parse.callCount).to.equal(1);
      });

    for (const fields of [
      { payload: { data: 1 }, id: '1', type: next },
      { payload: { data: 1 }, type: next, id: '1' },
      { id: '1', payload: { data: 1 }, type: next },
      { id: '1', payload: { data: 1 }, seq: 1, type: next },
      { id: '1', payload: { data: 1 }, seq: { type: 'a}' }, type: next },
      { type: next, payload: { data: 1 }, id: '1' },
      { seq: 1, type: next, id: '1', payload: { data: 1 } },
      { type: next, id: 1, payload: { data: 1 } },
      { type: next, id: 'a"\\\n', payload: { data: 1 } },
      { type: next, id: '1', payload: { data: 1 }, seq: 1 },
      { type: next, id: '1', payload: { data: 1 }, seq: 'a}', trace: [{}] },
      { type: next, id: '1', payload: { data: 1 }, seq: { b: {} } },
    ])
      it(`has the same text and data as ${JSON.stringify(fields)}`, () => {
        const frame = JSON.stringify(fields);
        expect(codec.decode(frame)).to.include({ type: 'next', id: String(fields.id) });
        expect(payloadOf(frame).text).to.equal('{"data":1}');
        expect(payloadOf(frame).decode()).to.deep.equal({ data: 1 });
      });

    it('is decoded for each who asks, so that none sees what another does to it', () => {
      for (const frame of [
        `${head(next)}{"data":{"a":1}}}`,
        `{"payload":{"data":{"a":1}},"type":"${next}","id":"1"}`,
      ]) {
        const payload = payloadOf(frame);
        for (const read of [payload.decode(), payload.decode(), payload.decode()]) {
          expect(read).to.deep.equal({ data: { a: 1 } });
          Object.assign(read.data as object, { a: 2 });
        }
      }
    });

    // incremental delivery: the contract asks no other dialect for it
    for (const payload of [{ incremental: [] }, { hasNext: false }])
      it(`may be ${JSON.stringify(payload)}`, () => {
        expect(payloadOf(`${head(next)}${JSON.stringify(payload)}}`).decode()).to.deep.equal(
          payload,
        );
      });

    it('has data of its own, whatever they are called, in any order of the fields', () => {
      const data = '{"__proto__":{"polluted":1},"constructor":{"prototype":{"polluted":1}}}';
      for (const frame of [
        `${head(next)}{"data":${data}}}`,
        `{"payload":{"data":${data}},"type":"${next}","id":"1"}`,
      ]) {
        const result = payloadOf(frame).decode();
        expect(JSON.stringify(result)).to.equal(`{"data":${data}}`);
        expect({}).not.to.have.property('polluted');
      }
    });

    for (const payload of ['null', '[]', '[{"data":1}]', '"data"', '1', 'true', '{}', '{"a":1}'])
      it(`may not be ${payload}`, () => {
        for (const frame of [
          `${head(next)}${payload}}`,
          `{"payload":${payload},"type":"${next}","id":"1"}`,
        ]) {
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

    it('that is broken has the text that there is of it', () => {
      for (const rest of ['{"data":1', '{"data":"a', '{"data":{"a":[1'])
        expect(payloadOf(`${head(next)}${rest}`).text).to.equal(rest);
    });

    for (const rest of [
      '',
      '{',
      '{"data":1',
      '{"data":1}',
      '{"data":1}}}',
      '{"data":1}}x',
      '{"data":1}}{}',
      '{"data":1}}\u00a0',
      '{"data":1},}',
      '[1]',
      'undefined}',
    ])
      it(`fails its operation alone when ${JSON.stringify(rest)} follows its head`, () => {
        const payload = payloadOf(`${head(next)}${rest}`);
        expect(() => payload.decode())
          .to.throw(ProtocolError, 'malformed result: not JSON')
          .with.property('cause')
          .that.is.instanceOf(SyntaxError);
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
        it(`ends before a field behind it: ${payload}, ${JSON.stringify(behind)}`, () => {
          const value = JSON.stringify(behind);
          for (const field of [`,"seq":${value}`, `\n,\t"}":${value} `])
            for (const frame of [
              `${head(next)}${payload}${field}}`,
              `{"payload":${payload}${field},"type":"${next}","id":"1"}`,
            ]) {
              const read = payloadOf(frame);
              expect(read.text).to.equal(payload);
              if (payload.startsWith('{"data"'))
                expect(read.decode()).to.deep.equal(JSON.parse(payload));
              else expect(() => read.decode()).to.throw(ProtocolError, 'no data or errors');
            }
        });

    for (const [what, frame] of [
      ['payload', `${head(next)}{"data":1},"payload":{"data":2}}`],
      ['name as a code', `${head(next)}{"data":1},"p\\u0061yload":{"data":2}}`],
      ['id and type', `${head(next)}{"data":2},"id":"2","type":"ping"}`],
      ['payload before the type', `{"payload":1,"id":"1","payload":{"data":2},"type":"${next}"}`],
    ] as const)
      it(`is routed by its head, and is the last payload, when fields come twice: ${what}`, () => {
        expect(codec.decode(frame)).to.include({ type: 'next', id: '1' });
        expect(payloadOf(frame).text).to.equal('{"data":2}');
        expect(payloadOf(frame).decode()).to.deep.equal({ data: 2 });
      });

    for (const frame of [`${head(next)}"DEEP"}`, `{"payload":"DEEP","type":"${next}","id":"1"}`])
      it(`may be nested deeper than the stack: ${frame}`, () => {
        const deep = '['.repeat(100_000) + ']'.repeat(100_000);
        const payload = payloadOf(frame.replace('"DEEP"', `{"data":${deep}}`));
        expect(payload.text).to.contain(deep);
        expect(payload.decode()).to.have.property('data').that.is.an('array');
      });
  });
}
