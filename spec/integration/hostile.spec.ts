import { expect } from 'chai';
import { describe, it } from 'mocha';
import { firstValueFrom } from 'rxjs';
import { eventually } from '../helpers/eventually.js';
import { failureOf } from '../helpers/failure-of.js';
import { frame, messageFrame } from '../helpers/net/frame.js';
import type { Hostility } from '../helpers/net/play-hostile.js';
import { hostileServer, outcome } from '../helpers/net/play-hostile.js';
import { useRawServer } from '../helpers/net/raw-server.js';
import { useCalm } from '../helpers/net/use-calm.js';
import { useSocket } from '../helpers/use-socket.js';
import { protocols, type Wire } from '../helpers/wire.js';

const message =
  (build: (id: string) => object): Hostility =>
  (id) => [messageFrame(build(id))];
const text =
  (...frames: readonly string[]): Hostility =>
  () =>
    frames.map((each) => frame(each));

/** Our own close, with 4400 and a fixed reason: `ws` itself closes what is not WebSocket with 1002. */
const ends: readonly (readonly [name: string, code: number, hostility: Hostility])[] = [
  ['not JSON', 4400, text('{')],
  ['an empty frame', 4400, text('')],
  ['null', 4400, text('null')],
  ['a list', 4400, text('[]')],
  ['a number', 4400, text('42')],
  ['a string', 4400, text('"next"')],
  ['no type', 4400, text('{}')],
  ['a type that is no string', 4400, text('{"type":["next"]}')],
  ['a type that is null, and an id', 4400, message((id) => ({ id, type: null, payload: {} }))],
  ['a byte order mark', 4400, text('\ufeff{"type":"ping"}')],
  ['binary garbage', 4400, () => [frame(Uint8Array.of(0xff, 0xfe, 0x00), { opcode: 2 })]],
  ['a frame with a reserved bit', 1002, () => [frame('{}', { rsv: 2 })]],
  ['a frame that claims to be compressed', 1002, () => [frame('{}', { rsv: 4 })]],
  ['an unknown opcode', 1002, () => [frame('{}', { opcode: 11 })]],
  ['a masked frame', 1002, () => [frame('{}', { mask: Uint8Array.of(1, 2, 3, 4) })]],
  ['text that is not UTF-8', 1007, () => [frame(Uint8Array.of(0xc3, 0x28))]],
  ['bytes that are not WebSocket', 1002, () => [Buffer.from('HTTP/1.1 500 No\r\n\r\n')]],
];

const means = (wire: Wire): readonly (readonly [name: string, hostility: Hostility])[] => [
  ['an unknown type', text('{"type":"nonsense"}')],
  ['a type of 80 × é', text(JSON.stringify({ type: 'é'.repeat(80) }))],
  ['the type `__proto__`', text('{"type":"__proto__"}', '{"type":"constructor","id":"1"}')],
  ['the id `__proto__`', text(...strange(wire, '__proto__'))],
  ['the id `constructor`', text(...strange(wire, 'constructor'))],
  ['an error or an end without an id', text('{"type":"error"}', '{"type":"complete"}')],
  ['ids that are no strings', text('{"type":"error","id":{}}', '{"type":"complete","id":null}')],
  ['a second ack', text('{"type":"connection_ack","payload":[1]}')],
  ['a refusal after the ack', text('{"type":"connection_error","payload":"no"}')],
  ['both protocols’ heartbeats', text('{"type":"ka"}', '{"type":"ping"}', '{"type":"pong"}')],
  ['a ping whose payload is no object', text('{"type":"ping","payload":"a string"}')],
  ['payload keys of prototypes', text('{"type":"pong","payload":{"__proto__":{"a":1}}}')],
  ['10 000 unknown ids', () => tenThousand.map((n) => messageFrame(wire.next(`no ${n}`, {})))],
  ['a WebSocket ping of 125 bytes', () => [frame('é'.repeat(62), { opcode: 9 })]],
  ['a message in a binary frame', () => [frame('{"type":"pong"}', { opcode: 2 })]],
];

const failing = (wire: Wire): readonly (readonly [string, string, Hostility])[] => [
  ...[null, [], 5, 'text', {}, { result: 1 }].map(
    (payload) =>
      [
        `a result whose payload is ${JSON.stringify(payload)}`,
        'ProtocolError',
        message((id) => wire.next(id, payload)),
      ] as const,
  ),
  [
    'a result without payload',
    'ProtocolError',
    message((id) => ({ ...wire.next(id, 0), payload: undefined })),
  ],
  [
    'a result that is cut off behind its head',
    'ProtocolError',
    (id) => [frame(JSON.stringify(wire.next(id, { data: 1 })).slice(0, -6))],
  ],
  ...[[{ message: 'no' }], [], {}, { message: 1 }, { errors: [null] }, 'no', null, 0, [[]]].map(
    (payload) =>
      [
        `an error whose payload is ${JSON.stringify(payload)}`,
        'OperationError',
        message((id) => ({ type: 'error', id, payload })),
      ] as const,
  ),
  ['an error without payload', 'OperationError', message((id) => ({ type: 'error', id }))],
];

const tenThousand = Array.from({ length: 10_000 }, (_, n) => n);

function strange({ next }: Wire, id: string): readonly string[] {
  return [next(id, { data: 1 }), { type: 'error', id, payload: [] }, { type: 'complete', id }].map(
    (each) => JSON.stringify(each),
  );
}

for (const wire of protocols) {
  const { subprotocol, next } = wire;
  describe(`a hostile server over ${subprotocol}`, () => {
    const serve = useRawServer();
    const connect = useSocket();
    useCalm();
    const play = async (hostility: Hostility) => {
      const server = await serve(hostileServer(wire, hostility));
      const socket = connect({ url: server.url, subprotocols: [subprotocol] });
      // a listener makes our side build everything that it can tell
      socket.events$.subscribe();
      return { server, socket, ...(await outcome(socket, server)) };
    };

    for (const [name, code, hostility] of ends) {
      it(`${name}: both operations go on, on another connection`, async () => {
        const { neighbour, victim, server } = await play(hostility);
        expect([neighbour, victim]).to.deep.equal(['connection 2', 'connection 2']);
        await eventually(() => expect(server.closeCodes).to.include(code));
      });
    }

    for (const [name, hostility] of means(wire)) {
      it(`${name}: nothing comes of it`, async () => {
        const { neighbour, victim, server } = await play(hostility);
        expect([neighbour, victim]).to.deep.equal(['connection 1', 'connection 1']);
        expect(server.peers).to.have.length(1);
      });
    }

    for (const [name, error, hostility] of failing(wire)) {
      it(`${name}: ${error} for that operation alone`, async () => {
        const { neighbour, victim, server } = await play(hostility);
        expect([neighbour, victim]).to.deep.equal(['connection 1', error]);
        expect(server.peers).to.have.length(1);
      });
    }

    it('close reasons of 123 bytes that are not ASCII are passed on as they are', async () => {
      const reason = `${'é'.repeat(61)}!`;
      const server = await serve((peer, { type, id }) => {
        if (type === 'connection_init') peer.write(messageFrame({ type: 'connection_ack' }));
        if (!id) return;
        if (peer.connection === 1) peer.close(4999, reason);
        else peer.write(messageFrame(next(id, { data: 'on' })));
      });
      const again = connect({ url: server.url, subprotocols: [subprotocol] });
      expect(await firstValueFrom(again.subscribe$('subscription { a }'))).to.equal('on');
      server.peers.splice(0);
    });

    it('a close reason of 123 bytes is in the error', async () => {
      const reason = `${'é'.repeat(61)}\u0007`;
      const server = await serve((peer) => peer.close(4999, reason));
      const socket = connect({ url: server.url, subprotocols: [subprotocol], retry: false });
      const error = await failureOf(socket.query$('{ a }'), 'ConnectionClosedError');
      expect(error.reason).to.equal(reason);
      expect(error.message).to.equal(`connection closed: 4999 ${'é'.repeat(61)}`);
    });
  });
}
