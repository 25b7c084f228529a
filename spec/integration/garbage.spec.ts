import { expect } from 'chai';
import { describe, it } from 'mocha';
import { concat, firstValueFrom, NEVER, of } from 'rxjs';
import type { WebSocketConstructor } from 'rx-graphql-ws';
import { setImmediate as turn } from 'node:timers/promises';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { WebSocket } from 'ws';
import { eventually } from '../helpers/eventually.js';
import { useServer } from '../helpers/use-server.js';
import { useSocket } from '../helpers/use-socket.js';

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
