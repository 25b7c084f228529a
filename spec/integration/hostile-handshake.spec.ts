import { expect } from 'chai';
import { describe, it } from 'mocha';
import { firstValueFrom } from 'rxjs';
import { eventually } from '../helpers/eventually.js';
import { failureOf } from '../helpers/failure-of.js';
import { frame, messageFrame } from '../helpers/net/frame.js';
import { useRawServer } from '../helpers/net/raw-server.js';
import { useCalm } from '../helpers/net/use-calm.js';
import { useSocket } from '../helpers/use-socket.js';
import { protocols } from '../helpers/wire.js';

const ack = messageFrame({ type: 'connection_ack' });
/** 123 bytes, the most that a reason may have, and not its last a character that may be shown. */
const reason = `${'é'.repeat(61)}\u0007`;

for (const { subprotocol, next } of protocols) {
  describe(`a hostile handshake over ${subprotocol}`, () => {
    const serve = useRawServer();
    const connect = useSocket();
    useCalm();
    /** A server whose first connection answers the init with these bytes; the others work. */
    const setUp = async (...first: readonly Buffer[]) => {
      const server = await serve((peer, { type, id }) => {
        if (type === 'connection_init') peer.write(...(peer.connection === 1 ? first : [ack]));
        else if (id) peer.write(messageFrame(next(id, { data: peer.connection })));
      });
      const socket = connect({ url: server.url, subprotocols: [subprotocol] });
      socket.events$.subscribe();
      return { server, value: firstValueFrom(socket.subscribe$('subscription { a }')) };
    };

    const fatal: readonly (readonly [name: string, reason: string, bytes: Buffer])[] = [
      ['not JSON', 'Malformed frame', frame('no')],
      ['null', 'Malformed frame', frame('null')],
      ['binary garbage', 'Malformed frame', frame(Uint8Array.of(0xff), { opcode: 2 })],
      ['a result', 'Malformed handshake', messageFrame(next('1', { data: 1 }))],
      ['an error', 'Malformed handshake', messageFrame({ type: 'error', id: '1', payload: [] })],
      ['an end', 'Malformed handshake', messageFrame({ type: 'complete', id: '1' })],
    ];
    for (const [name, expected, bytes] of fatal) {
      it(`${name} before the ack is closed with 4400, and dialled again`, async () => {
        const { server, value } = await setUp(bytes, ack);
        expect(await value).to.equal(2);
        await eventually(() =>
          expect(server.closed[0]).to.deep.equal({ code: 4400, reason: expected }),
        );
      });
    }

    const harmless: readonly (readonly [name: string, text: string])[] = [
      ['ka', '{"type":"ka"}'],
      ['a ping', '{"type":"ping","payload":{"a":1}}'],
      ['a pong', '{"type":"pong"}'],
      ['an unknown type', `{"type":"${'é'.repeat(80)}"}`],
      ['an error without id', '{"type":"error","payload":[]}'],
      ['an end without id', '{"type":"complete"}'],
    ];
    for (const [name, text] of harmless) {
      it(`${name} before the ack is tolerated`, async () => {
        const { value } = await setUp(frame(text), frame(text), ack, ack);
        expect(await value).to.equal(1);
      });
    }

    it('an ack whose payload is no object is an ack', async () => {
      const { value } = await setUp(frame('{"type":"connection_ack","payload":[null]}'));
      expect(await value).to.equal(1);
    });

    for (const [payload, message] of [
      [{ message: 'go\naway' }, ': go away'],
      ['away', ': away'],
      [{ message: 5 }, ''],
      [null, ''],
      [[1], ''],
      [undefined, ''],
    ] as const) {
      it(`a refusal with ${payload === undefined ? 'nothing' : JSON.stringify(payload)} is a HandshakeError`, async () => {
        const { value } = await setUp(messageFrame({ type: 'connection_error', payload }));
        const error: unknown = await value.catch((thrown: unknown) => thrown);
        expect(error).to.include({ name: 'HandshakeError', kind: 'rejected' });
        expect(error).to.have.property('message', `connection rejected by the server${message}`);
      });
    }

    it('a close reason of 123 bytes that are not ASCII is told as it came', async () => {
      const server = await serve((peer) => peer.close(4999, reason));
      const socket = connect({ url: server.url, subprotocols: [subprotocol], retry: false });
      const error = await failureOf(socket.query$('{ a }'), 'ConnectionClosedError');
      expect(error).to.include({ code: 4999, reason, wasClean: true });
      expect(error.message).to.equal(`connection closed: 4999 ${'é'.repeat(61)}`);
    });

    it('a close reason of 123 bytes is survived', async () => {
      const server = await serve((peer, { id }) => {
        if (peer.connection === 1) peer.close(4999, reason);
        else peer.write(id ? messageFrame(next(id, { data: 'on' })) : ack);
      });
      const socket = connect({ url: server.url, subprotocols: [subprotocol] });
      expect(await firstValueFrom(socket.subscribe$('subscription { a }'))).to.equal('on');
    });
  });
}
