import { expect } from 'chai';
import { describe, it } from 'mocha';
import { bench } from '../helpers/bench.js';
import { accepts } from '../helpers/fake-peer.js';
import { virtually } from '../helpers/virtually.js';
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
      it(
        `${frame || 'an empty frame'} closes with 4400, and the streams go on elsewhere`,
        virtually(({ record, advance }) => {
          const { socket, at, sockets } = bench({}, accepts(wire.subprotocol));
          const [stream, states] = [
            record(socket.subscribe$(subscription)),
            record(socket.status$),
          ];
          advance(2);
          at(0).receive(frame, wire.next('1', { data: 'late' }));
          expect(at(0).closes).to.deep.equal([{ at: 2, code: 4400, reason: 'Malformed frame' }]);
          expect(states.values.at(-1)).to.have.nested.property('error.name', 'ProtocolError');
          advance(12);
          expect(sockets).to.have.length(2);
          at(1).receive(wire.next('2', { data: 'on' }));
          expect(stream.log).to.deep.equal([[14, 'on']]);
          stream.unsubscribe();
        }),
      );

    it(
      'text in a binary frame is read, and bytes that are no text close with 4400',
      virtually(({ record, advance }) => {
        const { socket, at } = bench({}, accepts(wire.subprotocol));
        const stream = record(socket.subscribe$(subscription));
        advance(2);
        const bytes = new TextEncoder().encode(JSON.stringify(wire.next('1', { data: 'ü' })));
        at(0).receive(bytes.buffer);
        expect(stream.values).to.deep.equal(['ü']);
        at(0).receive(new Uint8Array([0xc3, 0x28]).buffer);
        expect(at(0).closes).to.deep.equal([{ at: 2, code: 4400, reason: 'Malformed frame' }]);
        advance(12);
        expect(at(1).messages).to.have.length(2);
        stream.unsubscribe();
      }),
    );

    it(
      'a message of an operation before the ack closes with 4400, silently',
      virtually(({ record, advance }) => {
        const { socket, at } = bench({}, accepts(wire.subprotocol));
        const stream = record(socket.subscribe$(subscription));
        advance(1);
        at(0).receive(wire.next('1', { data: 1 }));
        expect(at(0).closes).to.deep.equal([{ at: 1, code: 4400, reason: 'Malformed handshake' }]);
        advance(12);
        expect([at(1).messages.length, stream.log]).to.deep.equal([2, []]);
        stream.unsubscribe();
      }),
    );
  });
