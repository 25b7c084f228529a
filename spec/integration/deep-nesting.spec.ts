import { expect } from 'chai';
import { describe, it } from 'mocha';
import { catchError, concat, firstValueFrom, map, NEVER, of, type Observable } from 'rxjs';
import { setImmediate as turn } from 'node:timers/promises';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { WebSocket } from 'ws';
import type { WebSocketConstructor } from 'rx-graphql-ws';
import { failureOf } from '../helpers/failure-of.js';
import { useCalm } from '../helpers/net/use-calm.js';
import { useParity } from '../helpers/parity/use-parity.js';
import { ack, protocols } from '../helpers/wire.js';
import { eventually } from '../helpers/eventually.js';
import { useServer } from '../helpers/use-server.js';
import { useSocket } from '../helpers/use-socket.js';

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
    const start = useParity(subprotocol);
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
        const { server, socket } = await start({
          script: async (peer) => {
            await peer.read('connection_init');
            peer.send(ack());
            for (const id of ['1', '2']) expect(await peer.read()).to.include({ id });
            peer.send(text, ...['1', '2'].map((id) => JSON.stringify(next(id, { data: 'on' }))));
          },
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
      const { socket } = await start({
        script: async (peer) => {
          await peer.read('connection_init');
          peer.send(`{"type":"ping","payload":${deep}}`);
          peer.send(`{"type":"connection_ack","payload":${deep}}`);
        },
      });
      socket.events$.subscribe();
      const { ackPayload } = await firstValueFrom(socket.connection$);
      expect(ackPayload).to.be.an('array');
    });

    it('may be a refusal', async () => {
      const script = (peer: { send(frame: string): void }) =>
        peer.send(`{"type":"connection_error","payload":${deep}}`);
      const { socket } = await start({ script });
      const error = await failureOf(socket.query$('{ a }'), 'HandshakeError');
      expect(error.message).to.equal('connection rejected by the server');
    });
  });
}

const cycles = 4;

describe('memory', () => {
  const serve = useServer();
  const connect = useSocket();

  it('is free of sockets that were lost, while the subscription goes on', async function () {
    // the fifth dial is two seconds later than the first
    this.timeout(8_000);
    const server = await serve({ handle: () => concat(of({ data: { a: 1 } }), NEVER) });
    const { dialled, webSocketImpl } = observed();
    const socket = connect({ url: server.url, webSocketImpl, retry: { delay: 0 } });
    let results = 0;
    socket.subscribe$('subscription { a }').subscribe(() => (results += 1));
    for (let lost = 1; lost <= cycles; lost++) {
      // an operation that was answered is not suspected of the loss
      await eventually(() => expect(results).to.equal(lost), 3_000);
      server.drop();
    }
    await server.ledger.received('subscribe', cycles + 1);
    await expectFreed(dialled);
  });

  it('is free of sockets that nobody needed any more, while the socket object lives', async () => {
    const server = await serve({ handle: () => [{ data: 1 }] });
    const { dialled, webSocketImpl } = observed();
    const socket = connect({ url: server.url, webSocketImpl });
    for (let used = 1; used <= cycles; used++) {
      await firstValueFrom(socket.query$('{ a }'));
      await server.ledger.until('closed', undefined, used);
    }
    await expectFreed(dialled);
  });
});

/** Sockets that were dialled, held so that they can be collected. */
function observed() {
  const dialled: WeakRef<object>[] = [];
  class Observed extends WebSocket {
    constructor(...parameters: ConstructorParameters<typeof WebSocket>) {
      super(...parameters);
      dialled.push(new WeakRef(this));
    }
  }
  return { dialled, webSocketImpl: Observed as unknown as WebSocketConstructor };
}

/** All but the last two, which the last turn of the event loop may still hold. */
async function expectFreed(dialled: readonly WeakRef<object>[]): Promise<void> {
  expect(dialled.length).to.be.at.least(cycles);
  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('gc') as () => void;
  // a WeakRef holds what it gave until the end of the turn
  await eventually(async () => {
    await turn();
    collect();
    const alive = dialled.filter((socket) => socket.deref()).length;
    expect(alive).to.be.at.most(2);
  });
}
