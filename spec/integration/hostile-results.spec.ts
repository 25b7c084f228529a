import { expect } from 'chai';
import { describe, it } from 'mocha';
import { failureOf } from '../helpers/failure-of.js';
import { frame, messageFrame } from '../helpers/net/frame.js';
import type { Hostility } from '../helpers/net/play-hostile.js';
import { outcome, sending } from '../helpers/net/play-hostile.js';
import { useRawServer } from '../helpers/net/raw-server.js';
import { useCalm } from '../helpers/net/use-calm.js';
import { useHostileServer } from '../helpers/net/use-hostile-server.js';
import { useSocket } from '../helpers/use-socket.js';
import { protocols, type Wire } from '../helpers/wire.js';

type Case = readonly [name: string, hostility: Hostility];

const results = ({ next }: Wire): readonly Case[] => [
  ...[null, [], 5, 'text', {}, { result: 1 }].map((payload): Case => [
    JSON.stringify(payload),
    sending((id) => next(id, payload)),
  ]),
  ['missing', sending((id) => ({ ...next(id, 0), payload: undefined }))],
  ['cut off', (id) => [frame(JSON.stringify(next(id, { data: 1 })).slice(0, -6))]],
  ['garbage', (id) => [frame(JSON.stringify(next(id, 0)).replace('0}', '{"data":é}}'))]],
];

/** What servers call an error, and the messages that are made of it. */
const errors: readonly (readonly [payload: unknown, messages: readonly string[]])[] = [
  [
    [{ message: 'a' }, { message: 'b' }],
    ['a', 'b'],
  ],
  [{ message: 'a', path: ['x'] }, ['a']],
  [{ errors: [{ message: 'a' }] }, ['a']],
  [{ data: null, errors: [{ message: 'a' }, { message: 'b' }] }, ['a', 'b']],
  [{ errors: [null, 'a'] }, ['unknown error', 'a']],
  ['a', ['a']],
  [['a'], ['a']],
  [{ message: 1 }, ['unknown error']],
  [[], ['unknown error']],
  [[[]], ['unknown error']],
  [{}, ['unknown error']],
  [null, ['unknown error']],
  [0, ['unknown error']],
  [undefined, ['unknown error']],
];

for (const wire of protocols) {
  const { subprotocol } = wire;
  describe(`results of a hostile server over ${subprotocol}`, () => {
    const serve = useRawServer();
    const connect = useSocket();
    const setUp = useHostileServer(wire);
    useCalm();

    for (const [name, hostility] of results(wire)) {
      it(`a payload that is ${name} is a ProtocolError of its operation alone`, async () => {
        const { server, socket } = await setUp(hostility);
        expect(await outcome(socket)).to.deep.equal(['connection 1', 'ProtocolError']);
        expect(server.peers).to.have.length(1);
      });
    }

    for (const [payload, messages] of errors) {
      const shown = payload === undefined ? 'missing' : JSON.stringify(payload);
      it(`an error that is ${shown} is an OperationError of its operation alone`, async () => {
        const { server, socket } = await setUp(sending((id) => ({ type: 'error', id, payload })));
        expect(await outcome(socket)).to.deep.equal(['connection 1', 'OperationError']);
        expect(server.peers).to.have.length(1);
      });

      it(`an error that is ${shown} has ${messages.join(' and ')} to say`, async () => {
        const server = await serve((peer, { type, id }) => {
          if (type === 'connection_init') peer.write(messageFrame({ type: 'connection_ack' }));
          else if (id) peer.write(messageFrame({ type: 'error', id, payload }));
        });
        const socket = connect({ url: server.url, subprotocols: [subprotocol] });
        const error = await failureOf(socket.execute$('{ a }'), 'OperationError');
        expect(error.errors.map(({ message }) => message)).to.deep.equal(messages);
        expect(error.message).to.equal(`operation failed: ${messages.join('; ')}`);
      });
    }
  });
}
