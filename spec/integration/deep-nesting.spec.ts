import { expect } from 'chai';
import { describe, it } from 'mocha';
import { catchError, firstValueFrom, map, of, type Observable } from 'rxjs';
import type { GraphQLTestServerOptions } from 'rx-graphql-ws/testing/server';
import { failureOf } from '../helpers/failure-of.js';
import { useCalm } from '../helpers/net/use-calm.js';
import { useServer } from '../helpers/use-server.js';
import { useSocket } from '../helpers/use-socket.js';
import { ack, protocols } from '../helpers/wire.js';

const levels = 100_000;

/** Deeper than `JSON.stringify` can follow; `JSON.parse` can. */
const deep = '['.repeat(levels) + ']'.repeat(levels);

/** The first thing that comes of a stream. */
const outcome = (data$: Observable<unknown>): Promise<unknown> =>
  firstValueFrom(
    data$.pipe(
      map((data) => (Array.isArray(data) ? 'a list' : data)),
      catchError(({ name }: Error) => of(name)),
    ),
    { defaultValue: 'completed' },
  );

for (const { subprotocol, next } of protocols) {
  const [type] = Object.values(next('', 0)) as [string];

  describe(`a message nested ${levels} levels deep over ${subprotocol}`, () => {
    const serve = useServer();
    const connect = useSocket();
    const start = async (script: NonNullable<GraphQLTestServerOptions['script']>) => {
      const server = await serve({ subprotocols: [subprotocol], script });
      return { server, socket: connect({ url: server.url, retry: false }) };
    };
    useCalm();

    for (const [name, text, expected] of [
      ['a result', `{"type":"${type}","id":"2","payload":{"data":${deep}}}`, 'a list'],
      [
        'a result, payload first',
        `{"payload":{"data":${deep}},"type":"${type}","id":"2"}`,
        'a list',
      ],
      ['an unknown field', `{"deep":${deep},"type":"${type}","id":"2","payload":{"data":7}}`, 7],
      ['a last field', `{"type":"${type}","id":"2","payload":{"data":7},"deep":${deep}}`, 7],
      ['a result of nobody', `{"payload":{"data":${deep}},"type":"${type}","id":"?"}`, 'on'],
      ['an error', `{"type":"error","id":"2","payload":${deep}}`, 'OperationError'],
      ['an end', `{"payload":${deep},"type":"complete","id":"2"}`, 'completed'],
      ['a ping', `{"type":"ping","payload":${deep}}`, 'on'],
      ['a pong', `{"type":"pong","payload":${deep}}`, 'on'],
      ['an unknown message', `{"type":"x","payload":${deep}}`, 'on'],
    ] as const)
      it(`may be ${name}: its operation comes to ${expected}, and the neighbour goes on`, async () => {
        const { server, socket } = await start(async (peer) => {
          await peer.read('connection_init');
          peer.send(ack());
          for (const id of ['1', '2']) expect(await peer.read()).to.include({ id });
          peer.send(text, ...['1', '2'].map((id) => JSON.stringify(next(id, { data: 'on' }))));
        });
        // a listener has the client build everything that it can tell
        socket.events$.subscribe();
        const neighbour = outcome(socket.subscribe$('subscription { neighbour }'));
        expect(await outcome(socket.subscribe$('subscription { victim }'))).to.equal(expected);
        expect(await neighbour).to.equal('on');
        if (name === 'a ping' && subprotocol === 'graphql-transport-ws')
          expect(await server.ledger.received('pong')).to.deep.equal({ type: 'pong' });
      });

    it('may come before the ack, and in it', async () => {
      const { socket } = await start(async (peer) => {
        await peer.read('connection_init');
        peer.send(`{"type":"ping","payload":${deep}}`);
        peer.send(`{"type":"connection_ack","payload":${deep}}`);
      });
      socket.events$.subscribe();
      const { ackPayload } = await firstValueFrom(socket.connection$);
      expect(ackPayload).to.be.an('array');
    });

    it('may be a refusal', async () => {
      const { socket } = await start((peer) =>
        peer.send(`{"type":"connection_error","payload":${deep}}`),
      );
      const error = await failureOf(socket.query$('{ a }'), 'HandshakeError');
      expect(error.message).to.equal('connection rejected by the server');
    });
  });
}
