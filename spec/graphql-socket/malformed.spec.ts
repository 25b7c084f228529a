import { expect } from 'chai';
import { describe } from 'mocha';
import { bench, subscribed } from '../helpers/bench.js';
import { accepts } from '../helpers/scripted.js';
import { advance, record, test } from '../helpers/test.js';
import { protocols } from '../helpers/wire.js';

const subscription = 'subscription { a }';

for (const wire of protocols)
  describe(`a malformed frame on ${wire.subprotocol}`, () => {
    const malformed = [
      '',
      'no JSON',
      'null',
      '[]',
      '"x"',
      '1e999',
      '{}',
      '{"type":1}',
      JSON.stringify(wire.next('', {})),
      JSON.stringify({ ...wire.next('1', {}), id: undefined }),
      JSON.stringify({ ...wire.next('1', {}), id: null }),
    ];
    for (const frame of malformed)
      test(`${frame || 'an empty frame'} closes with 4400, and the streams go on elsewhere`, () => {
        const { socket, at, peers } = bench({}, accepts(wire.subprotocol));
        const [stream, states] = [record(socket.subscribe$(subscription)), record(socket.status$)];
        advance(2);
        at(0).send(frame, wire.next('1', { data: 'late' }));
        expect(at(0).closes).to.deep.equal([{ at: 2, code: 4400, reason: 'Malformed frame' }]);
        expect(states.values.at(-1)).to.have.nested.property('error.name', 'ProtocolError');
        advance(12);
        expect(peers).to.have.length(2);
        at(1).send(wire.next('2', { data: 'on' }));
        expect(stream.log).to.deep.equal([[14, 'on']]);
      });

    test('text in a binary frame is read, and bytes that are no text close with 4400', () => {
      const { at, stream } = subscribed(bench({}, accepts(wire.subprotocol)));
      advance(2);
      const bytes = new TextEncoder().encode(JSON.stringify(wire.next('1', { data: 'ü' })));
      at(0).send(bytes.buffer);
      expect(stream.values).to.deep.equal(['ü']);
      at(0).send(new Uint8Array([0xc3, 0x28]).buffer);
      expect(at(0).closes).to.deep.equal([{ at: 2, code: 4400, reason: 'Malformed frame' }]);
      advance(12);
      expect(at(1).sent).to.have.length(2);
    });

    test('a message of an operation before the ack closes with 4400, silently', () => {
      const { at, stream } = subscribed(bench({}, accepts(wire.subprotocol)));
      advance(1);
      at(0).send(wire.next('1', { data: 1 }));
      expect(at(0).closes).to.deep.equal([{ at: 1, code: 4400, reason: 'Malformed handshake' }]);
      advance(12);
      expect([at(1).sent.length, stream.log]).to.deep.equal([2, []]);
    });
  });
