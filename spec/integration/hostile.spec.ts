import { expect } from 'chai';
import { describe, it } from 'mocha';
import { eventually } from '../helpers/eventually.js';
import { frame, messageFrame } from '../helpers/net/frame.js';
import type { Hostility } from '../helpers/net/play-hostile.js';
import { outcome, saying, sending } from '../helpers/net/play-hostile.js';
import { useCalm } from '../helpers/net/use-calm.js';
import { useHostileServer } from '../helpers/net/use-hostile-server.js';
import { protocols, type Wire } from '../helpers/wire.js';

/** `ws` itself closes what is not WebSocket, with 1002 or 1007. */
const fatal: readonly (readonly [name: string, code: number, hostility: Hostility])[] = [
  ['not JSON', 4400, saying('{')],
  ['an empty frame', 4400, saying('')],
  ['null', 4400, saying('null')],
  ['a list', 4400, saying('[]')],
  ['a number', 4400, saying('42')],
  ['a string', 4400, saying('"next"')],
  ['no type', 4400, saying('{}')],
  ['a type that is no string', 4400, saying('{"type":["next"]}')],
  ['a type that is null, and an id', 4400, sending((id) => ({ id, type: null, payload: {} }))],
  ['a byte order mark', 4400, saying('\ufeff{"type":"pong"}')],
  ['binary garbage', 4400, () => [frame(Uint8Array.of(0xff, 0xfe, 0x00), { opcode: 2 })]],
  ['a frame with a reserved bit', 1002, () => [frame('{}', { rsv: 2 })]],
  ['a frame that claims to be compressed', 1002, () => [frame('{}', { rsv: 4 })]],
  ['an unknown opcode', 1002, () => [frame('{}', { opcode: 11 })]],
  ['a masked frame', 1002, () => [frame('{}', { mask: Uint8Array.of(1, 2, 3, 4) })]],
  ['text that is not UTF-8', 1007, () => [frame(Uint8Array.of(0xc3, 0x28))]],
  ['bytes that are not WebSocket', 1002, () => [Buffer.from('HTTP/1.1 500 No\r\n\r\n')]],
];

/** A result without id: which operation is it of? */
const anonymous = ({ next }: Wire): Hostility =>
  sending(() => ({ ...next('', { data: 1 }), id: undefined }));

const inLatin1 =
  ({ next }: Wire): Hostility =>
  (id) => [frame(Buffer.from(JSON.stringify(next(id, { data: 'é' })), 'latin1'), { opcode: 2 })];

const harmless = (wire: Wire): readonly (readonly [name: string, hostility: Hostility])[] => [
  ['an unknown type', saying('{"type":"nonsense"}')],
  ['a type of 80 × é', saying(JSON.stringify({ type: 'é'.repeat(80) }))],
  [
    'the types `__proto__` and `constructor`',
    saying('{"type":"__proto__"}', '{"type":"constructor"}'),
  ],
  ['the id `__proto__`', strange(wire, '__proto__')],
  ['the id `constructor`', strange(wire, 'constructor')],
  ['an error or an end without an id', saying('{"type":"error"}', '{"type":"complete"}')],
  ['ids that are no strings', saying('{"type":"error","id":{}}', '{"type":"complete","id":null}')],
  ['a second ack', saying('{"type":"connection_ack","payload":[1]}')],
  ['a refusal after the ack', saying('{"type":"connection_error","payload":"no"}')],
  ['both protocols’ heartbeats', saying('{"type":"ka"}', '{"type":"ping"}', '{"type":"pong"}')],
  ['a ping whose payload is no object', saying('{"type":"ping","payload":"a string"}')],
  ['payload keys of prototypes', saying('{"type":"pong","payload":{"__proto__":{"a":1}}}')],
  ['10 000 unknown ids', () => tenThousand.map((n) => messageFrame(wire.next(`no ${n}`, {})))],
  ['a WebSocket ping of 124 bytes', () => [frame('é'.repeat(62), { opcode: 9 })]],
  ['a message in a binary frame', () => [frame('{"type":"pong"}', { opcode: 2 })]],
];

const tenThousand = Array.from({ length: 10_000 }, (_, n) => n);

function strange({ next }: Wire, id: string): Hostility {
  const messages = [
    next(id, { data: 1 }),
    { type: 'error', id, payload: [] },
    { type: 'complete', id },
  ];
  return () => messages.map(messageFrame);
}

for (const wire of protocols) {
  const { subprotocol, next } = wire;
  describe(`a hostile server over ${subprotocol}`, () => {
    const setUp = useHostileServer(wire);
    useCalm();

    for (const [name, code, hostility] of [
      ...fatal,
      ['a result without id', 4400, anonymous(wire)] as const,
      ['a result in bytes that are not UTF-8', 4400, inLatin1(wire)] as const,
    ]) {
      it(`${name}: both operations go on, on another connection`, async () => {
        const { server, socket } = await setUp(hostility);
        expect(await outcome(socket)).to.deep.equal(['connection 2', 'connection 2']);
        const reason = code === 4400 ? 'Malformed frame' : '';
        await eventually(() => expect(server.closed[0]).to.deep.equal({ code, reason }));
      });
    }

    for (const [name, hostility] of harmless(wire)) {
      it(`${name}: nothing comes of it`, async () => {
        const { server, socket } = await setUp(hostility);
        expect(await outcome(socket)).to.deep.equal(['connection 1', 'connection 1']);
        expect(server.peers).to.have.length(1);
      });
    }

    it('an id echoed as a number is the operation’s', async () => {
      const { socket } = await setUp(sending((id) => next(Number(id), { data: 'numbered' })));
      expect(await outcome(socket)).to.deep.equal(['connection 1', 'numbered']);
    });

    it('a message in a binary frame is read', async () => {
      const binary: Hostility = (id) => [
        frame(JSON.stringify(next(id, { data: 'é' })), { opcode: 2 }),
      ];
      const { socket } = await setUp(binary);
      expect(await outcome(socket)).to.deep.equal(['connection 1', 'é']);
    });
  });
}
