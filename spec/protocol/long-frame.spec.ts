import { expect } from 'chai';
import { describe, it } from 'mocha';
import type { LongFrame } from '../../lib/long-frame.js';
import { isLongFrame } from '../../lib/long-frame.js';
import { ProtocolError } from '../../lib/errors.js';
import { decodeFrame } from '../../lib/protocol/frame-reader.js';
import { graphqlTransportWs } from '../../lib/protocol/graphql-transport-ws.js';

/** A frame as a socket gives it that leaves its text for later, and how often it was asked for that. */
function late(text: string, headLength = 256) {
  let asked = 0;
  const bytes = Buffer.from(text);
  const frame: LongFrame = {
    head: bytes.toString('latin1', 0, headLength),
    toString() {
      asked += 1;
      return bytes.toString();
    },
  };
  return { frame, asked: () => asked };
}

const codec = graphqlTransportWs();

describe('a long frame', () => {
  it('is told from what else a WebSocket gives', () => {
    expect(isLongFrame(late('').frame)).to.equal(true);
    expect(
      [null, undefined, new ArrayBuffer(1), Buffer.from('head'), 1].some(isLongFrame),
    ).to.equal(false);
  });

  it('is routed without its text, which is made once for those who want it', () => {
    const { frame, asked } = late('{"id":"1","type":"next","payload":{"data":"grüße"}}');
    const message = decodeFrame(codec, frame);
    if (message.type !== 'next') throw new Error(message.type);
    expect([message.id, asked()]).to.deep.equal(['1', 0]);
    expect(message.payload.text).to.equal('{"data":"grüße"}');
    expect(message.payload.decode()).to.deep.equal({ data: 'grüße' });
    expect(message.payload.decode()).to.deep.equal({ data: 'grüße' });
    expect(asked()).to.equal(1);
  });

  it('is routed when its head is unusual, too', () => {
    const { frame, asked } = late('{ "type": "next", "id": "1", "payload": {"data":1} }');
    expect(decodeFrame(codec, frame)).to.include({ type: 'next', id: '1' });
    expect(asked()).to.equal(0);
  });

  for (const [what, text] of [
    ['whose id is not ASCII', '{"id":"grün","type":"next","payload":{"data":1}}'],
    ['whose type comes last', '{"id":"1","payload":{"data":1},"type":"next"}'],
    ['whose payload comes first', '{"payload":{"data":1},"type":"next","id":"1"}'],
    [
      'whose id is longer than its head',
      `{"id":"${'x'.repeat(300)}","type":"next","payload":{"data":1}}`,
    ],
    ['that is no result', '{"id":"1","type":"error","payload":[{"message":"no"}]}'],
  ] as const)
    it(`is read by its text: one ${what}`, () => {
      const { frame } = late(text);
      const read = decodeFrame(codec, frame);
      const whole = codec.decode(text);
      expect({ ...read, payload: undefined }).to.deep.equal({ ...whole, payload: undefined });
      if (read.type === 'next') expect(read.payload.decode()).to.deep.equal({ data: 1 });
    });

  it('is text for a codec that knows nothing of it', () => {
    const { subprotocol, canPing, encode, decode } = codec;
    const { frame, asked } = late('{"id":"1","type":"next","payload":{"data":1}}');
    const message = decodeFrame({ subprotocol, canPing, encode, decode }, frame);
    expect(message).to.include({ type: 'next', id: '1' });
    expect(asked()).to.equal(1);
  });

  it('fails with its operation alone where its rest is no JSON', () => {
    const message = decodeFrame(codec, late('{"id":"1","type":"next","payload":{"data":').frame);
    if (message.type !== 'next') throw new Error(message.type);
    expect(() => message.payload.decode()).to.throw(ProtocolError, 'not JSON');
  });
});
