import { expect } from 'chai';
import { describe, it } from 'mocha';
import { lastValueFrom } from 'rxjs';
import { eventually } from '../helpers/eventually.js';
import { failureOf } from '../helpers/failure-of.js';
import { frame } from '../helpers/net/frame.js';
import type { Hostility } from '../helpers/net/play-hostile.js';
import { hostileServer, outcome } from '../helpers/net/play-hostile.js';
import { useRawServer } from '../helpers/net/raw-server.js';
import { useCalm } from '../helpers/net/use-calm.js';
import { useSocket } from '../helpers/use-socket.js';
import { protocols } from '../helpers/wire.js';

const levels = 100_000;
/** Deeper than `JSON.stringify` can follow; `JSON.parse` can. */
const deep = '['.repeat(levels) + ']'.repeat(levels);

for (const wire of protocols) {
  const { subprotocol } = wire;
  const [next] = Object.values(wire.next('', 0)) as [string];

  describe(`a message nested ${levels} levels deep over ${subprotocol}`, () => {
    const serve = useRawServer();
    const connect = useSocket();
    useCalm();

    const results: readonly (readonly [string, (id: string) => string])[] = [
      ['in the usual order', (id) => `{"type":"${next}","id":"${id}","payload":{"data":${deep}}}`],
      ['payload first', (id) => `{"payload":{"data":${deep}},"type":"${next}","id":"${id}"}`],
      [
        'in an unknown field',
        (id) => `{"deep":${deep},"type":"${next}","id":"${id}","payload":{"data":[[]]}}`,
      ],
      [
        'in a field behind the payload',
        (id) => `{"type":"${next}","id":"${id}","payload":{"data":[[]]},"deep":${deep}}`,
      ],
    ];
    for (const [name, build] of results) {
      it(`is the result of a query, ${name}`, async () => {
        const server = await serve((peer, { type, id }) => {
          if (type === 'connection_init') peer.write(frame('{"type":"connection_ack"}'));
          else if (id) peer.write(frame(build(id)));
        });
        const socket = connect({ url: server.url, subprotocols: [subprotocol] });
        const data = await lastValueFrom(socket.query$<unknown[]>('{ a }'));
        expect(data[0]).to.be.an('array');
      });
    }

    const others: readonly (readonly [string, string, Hostility])[] = [
      ['a result, payload first', 'connection 1', (id) => [frame(results[1]![1](`${id}?`))]],
      [
        'an error',
        'OperationError',
        (id) => [frame(`{"type":"error","id":"${id}","payload":${deep}}`)],
      ],
      ['a ping', 'connection 1', () => [frame(`{"type":"ping","payload":${deep}}`)]],
      ['a pong', 'connection 1', () => [frame(`{"type":"pong","payload":${deep}}`)]],
      ['an unknown message', 'connection 1', () => [frame(`{"type":"x","payload":${deep}}`)]],
      [
        'an end',
        'completed',
        (id) => [frame(`{"payload":${deep},"type":"complete","id":"${id}"}`)],
      ],
    ];
    for (const [name, expected, hostility] of others) {
      it(`is ${name}: the neighbour goes on`, async () => {
        const server = await serve(hostileServer(wire, hostility));
        const socket = connect({ url: server.url, subprotocols: [subprotocol] });
        socket.events$.subscribe();
        expect(await outcome(socket)).to.deep.equal(['connection 1', expected]);
      });
    }

    if (subprotocol === 'graphql-transport-ws')
      it('is a ping: answered without the payload', async () => {
        const server = await serve((peer, { type }) => {
          if (type === 'connection_init') peer.write(frame(`{"type":"ping","payload":${deep}}`));
        });
        const socket = connect({ url: server.url });
        const query = socket.query$('{ a }').subscribe();
        await eventually(() =>
          expect(server.peers[0]?.messages.slice(1)).to.deep.equal([{ type: 'pong' }]),
        );
        query.unsubscribe();
      });

    it('comes before the ack, and in it', async () => {
      const server = await serve((peer, { type, id }) => {
        if (type === 'connection_init')
          peer.write(
            frame(`{"type":"ping","payload":${deep}}`),
            frame(`{"type":"connection_ack","payload":${deep}}`),
          );
        else if (id) peer.write(frame(results[0]![1](id)));
      });
      const socket = connect({ url: server.url, subprotocols: [subprotocol] });
      socket.events$.subscribe();
      expect(await lastValueFrom(socket.query$('{ a }'))).to.be.an('array');
    });

    it('is what a refusal says', async () => {
      const server = await serve((peer) => {
        peer.write(frame(`{"type":"connection_error","payload":${deep}}`));
      });
      const socket = connect({ url: server.url, subprotocols: [subprotocol] });
      const error = await failureOf(socket.query$('{ a }'), 'HandshakeError');
      expect(error.message).to.equal('connection rejected by the server');
    });
  });
}
