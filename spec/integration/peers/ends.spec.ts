import { expect } from 'chai';
import { describe, it } from 'mocha';
import { setTimeout as delay } from 'node:timers/promises';
import { firstValueFrom, lastValueFrom } from 'rxjs';
import { eventually } from '../../helpers/eventually.js';
import { useStockServer } from '../../helpers/peers/stock-server.js';
import { useSocket } from '../../helpers/use-socket.js';

const live = 'query @live { hello }';

/** Results until the server is told to stop, as servers with live queries give them. */
async function* answers() {
  for (let turn = 0; ; turn += 1) {
    yield { data: { hello: String(turn) } };
    await delay(10, undefined, { ref: false });
  }
}

describe('a live query on a stock server of graphql-ws', () => {
  const start = useStockServer();
  const connect = useSocket();
  const startLive = () => start({ execute: () => answers() });

  it('is stopped when it is left', async () => {
    const server = await startLive();
    const socket = connect({ url: server.url });
    const seen: unknown[] = [];
    const stream = socket.execute$(live).subscribe((result) => seen.push(result));
    await eventually(() => expect(seen.length).to.be.greaterThan(2));
    stream.unsubscribe();
    await eventually(() => expect(server.received.map(({ type }) => type)).to.include('complete'));
  });

  it('goes on after a loss', async () => {
    const server = await startLive();
    const socket = connect({ url: server.url });
    let values = 0;
    let ended = false;
    socket.execute$(live).subscribe({ next: () => (values += 1), complete: () => (ended = true) });
    await eventually(() => expect(values).to.be.greaterThan(2));
    server.drop();
    const before = values;
    await eventually(() => expect(values).to.be.greaterThan(before + 2));
    expect([server.dials, ended]).to.deep.equal([2, false]);
  });

  it('is told once to end if only its first result was wanted', async () => {
    const server = await startLive();
    const socket = connect({ url: server.url });
    const holder = socket.connection$.subscribe();
    expect(await lastValueFrom(socket.query$(live))).to.deep.equal({ hello: '0' });
    const stops = () => server.received.filter(({ type }) => type === 'complete');
    await eventually(() => expect(stops()).to.have.length(1));
    await firstValueFrom(socket.query$('{ hello }'));
    await delay(50);
    expect(stops().map(({ id }) => id)).to.deep.equal(['1', '2']);
    holder.unsubscribe();
  });
});
