import { expect } from 'chai';
import { describe, it } from 'mocha';
import type { HandshakeOptions } from '../../lib/connection/handshake.js';
import { handshake } from '../../lib/connection/handshake.js';
import type { Codec, ServerMessage } from '../../lib/protocol/codec.js';
import { opened } from '../helpers/opened.js';
import type { VirtualTime } from '../helpers/virtually.js';
import { virtually } from '../helpers/virtually.js';

/** Shakes hands with a server that says this, a millisecond after it opened. */
function answered(
  { record, hot, cold, advance, timers }: VirtualTime,
  frame: unknown,
  options: HandshakeOptions = {},
  subprotocol?: string,
) {
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
    it(
      `is a HandshakeError when connection_error carries ${what}, in both protocols`,
      virtually((time) => {
        for (const subprotocol of ['graphql-transport-ws', 'graphql-ws']) {
          const frame = { type: 'connection_error', payload };
          const { error, socket } = answered(time, frame, {}, subprotocol);
          const message = `connection rejected by the server${detail}`;
          expect(error).to.include({ name: 'HandshakeError', kind: 'rejected', message });
          expect(error).to.deep.include(payload === undefined ? {} : { payload });
          expect(socket.ended).to.deep.equal([[1000, '']]);
        }
      }),
    );

  const malformed: readonly (readonly [frame: string, reason: string])[] = [
    ['{"type":"next","id":"1","payload":{"data":{}}}', 'Malformed handshake'],
    ['{"type":"error","id":"1","payload":[]}', 'Malformed handshake'],
    ['{"type":"complete","id":"1"}', 'Malformed handshake'],
    ['{"type":"next"}', 'Malformed frame'],
    ['', 'Malformed frame'],
  ];
  for (const [frame, reason] of malformed)
    it(
      `is a ProtocolError with close code 4400 when ${frame || 'an empty frame'} comes before the ack`,
      virtually((time) => {
        const { error, socket } = answered(time, frame);
        expect(error).to.include({ name: 'ProtocolError' });
        expect(error.message).to.include(reason.toLowerCase());
        expect(socket.ended).to.deep.equal([[4400, reason]]);
      }),
    );

  it(
    'is a ProtocolError when the ack comes before the init',
    virtually((time) => {
      const late = { connectionParams: () => time.cold('-----p', { p: {} }) };
      const { error, socket } = answered(time, { type: 'connection_ack' }, late);
      expect(error).to.include({ name: 'ProtocolError' });
      expect(socket.ended).to.deep.equal([[4400, 'Malformed handshake']]);
      expect(socket.sent).to.deep.equal([]);
    }),
  );

  it(
    'is a ProtocolError when a codec of the user throws something of its own',
    virtually((time) => {
      const codec = failing(() => {
        throw new Error('no JSON here');
      });
      const { error } = answered(time, 'x'.repeat(300), { codecs: [codec] });
      expect(error).to.include({ name: 'ProtocolError', frame: 'x'.repeat(200) });
      expect((error.cause as Error).message).to.equal('no JSON here');
    }),
  );
});

describe('the choice of a codec', () => {
  it(
    'follows what the server selected, those of the user first',
    virtually((time) => {
      const mine = failing(() => ({ type: 'ack', payload: 'mine' }));
      const { values } = answered(time, 'anything', { codecs: [mine] });
      expect(values).to.have.nested.property('[0].ackPayload', 'mine');
    }),
  );

  it(
    'fails for a subprotocol that nobody speaks, before anything is sent',
    virtually((time) => {
      const { error, socket } = answered(time, { type: 'connection_ack' }, {}, 'mqtt\u0007');
      expect(error).to.include({ name: 'HandshakeError', kind: 'subprotocol' });
      expect(error.message).to.equal('no common subprotocol: the server selected `mqtt `');
      expect(socket.sent).to.deep.equal([]);
    }),
  );
});
