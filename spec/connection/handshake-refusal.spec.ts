import { expect } from 'chai';
import { describe } from 'mocha';
import type { HandshakeOptions } from '../../lib/connection/handshake.js';
import { handshake } from '../../lib/connection/handshake.js';
import type { Codec, ServerMessage } from '../../lib/protocol/codec.js';
import { opened } from '../helpers/opened.js';
import { advance, cold, hot, record, test, timers } from '../helpers/test.js';

/** Shakes hands with a server that says this, a millisecond after it opened. */
function answered(frame: unknown, options: HandshakeOptions = {}, subprotocol?: string) {
  const text = typeof frame === 'string' ? frame : JSON.stringify(frame);
  const socket = opened(hot('-f', { f: text }), subprotocol);
  const connection = record(cold('s', { s: socket }).pipe(handshake(options)));
  advance(1);
  const { error, values } = connection;
  connection.unsubscribe();
  // the socket's own end takes 1 ms
  advance(1);
  expect(timers()).to.equal(0);
  return { error, values, socket };
}

const failing = (decode: () => ServerMessage): Codec => ({
  subprotocol: 'graphql-transport-ws',
  canPing: false,
  encode: () => '{}',
  decode,
});

describe('a refused handshake', () => {
  const refusals: [string, unknown, string][] = [
    ['an object with a message', { message: 'no token' }, ': no token'],
    ['a bare string', 'no token', ': no token'],
    ['nothing', undefined, ''],
    ['an object without a message', { code: 1 }, ''],
    ['null', null, ''],
    ['a message that is no text', { message: 1 }, ''],
    ['control characters', 'a\u001b[31mb\nc', ': a [31mb c'],
  ];
  for (const [what, payload, detail] of refusals)
    test(`is a HandshakeError when connection_error carries ${what}, in both protocols`, () => {
      for (const subprotocol of ['graphql-transport-ws', 'graphql-ws']) {
        const frame = { type: 'connection_error', payload };
        const { error, socket } = answered(frame, {}, subprotocol);
        const message = `connection rejected by the server${detail}`;
        expect(error).to.include({ name: 'HandshakeError', kind: 'rejected', message });
        expect(error).to.deep.include(payload === undefined ? {} : { payload });
        expect(socket.ended).to.deep.equal([[1000, '']]);
      }
    });

  const malformed: readonly (readonly [frame: string, reason: string])[] = [
    ['{"type":"next","id":"1","payload":{"data":{}}}', 'Malformed handshake'],
    ['{"type":"error","id":"1","payload":[]}', 'Malformed handshake'],
    ['{"type":"complete","id":"1"}', 'Malformed handshake'],
    ['{"type":"next"}', 'Malformed frame'],
    ['', 'Malformed frame'],
  ];
  for (const [frame, reason] of malformed)
    test(`is a ProtocolError with close code 4400 when ${frame || 'an empty frame'} comes before the ack`, () => {
      const { error, socket } = answered(frame);
      expect(error).to.include({ name: 'ProtocolError' });
      expect(error.message).to.include(reason.toLowerCase());
      expect(socket.ended).to.deep.equal([[4400, reason]]);
    });

  test('is a ProtocolError when the ack comes before the init', () => {
    const late = { connectionParams: () => cold('-----p', { p: {} }) };
    const { error, socket } = answered({ type: 'connection_ack' }, late);
    expect(error).to.include({ name: 'ProtocolError' });
    expect(socket.ended).to.deep.equal([[4400, 'Malformed handshake']]);
    expect(socket.sent).to.deep.equal([]);
  });

  test('is a ProtocolError when a codec of the user throws something of its own', () => {
    const codec = failing(() => {
      throw new Error('no JSON here');
    });
    const { error } = answered('x'.repeat(300), { codecs: [codec] });
    expect(error).to.include({ name: 'ProtocolError', frame: 'x'.repeat(200) });
    expect((error.cause as Error).message).to.equal('no JSON here');
  });
});

describe('the choice of a codec', () => {
  test('follows what the server selected, those of the user first', () => {
    const mine = failing(() => ({ type: 'ack', payload: 'mine' }));
    const { values } = answered('anything', { codecs: [mine] });
    expect(values).to.have.nested.property('[0].ackPayload', 'mine');
  });

  test('fails for a subprotocol that nobody speaks, before anything is sent', () => {
    const { error, socket } = answered({ type: 'connection_ack' }, {}, 'mqtt\u0007');
    expect(error).to.include({ name: 'HandshakeError', kind: 'subprotocol' });
    expect(error.message).to.equal('no common subprotocol: the server selected `mqtt `');
    expect(socket.sent).to.deep.equal([]);
  });
});
