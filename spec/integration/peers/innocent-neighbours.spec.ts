import { expect } from 'chai';
import { describe, it } from 'mocha';
import { setTimeout as delay } from 'node:timers/promises';
import type { Subscription } from 'rxjs';
import type { GraphQLSocket, GraphQLSocketError } from 'rx-graphql-ws';
import { eventually } from '../../helpers/eventually.js';
import { useStockServer } from '../../helpers/peers/stock-server.js';
import { useSocket } from '../../helpers/use-socket.js';

const bad = 'subscription {';
const ticks = (name: string) => `subscription { ticks(name: "${name}") }`;
const quiet = (name: string) => `subscription { quiet(name: "${name}") }`;

/** Follows one operation. */
function follow(socket: GraphQLSocket, query: string) {
  const followed = {
    values: 0,
    error: undefined as GraphQLSocketError | undefined,
    subscription: undefined as Subscription | undefined,
  };
  followed.subscription = socket.subscribe$(query).subscribe({
    next: () => (followed.values += 1),
    error: (error: GraphQLSocketError) => (followed.error = error),
  });
  return followed;
}

describe('one operation that a stock server of graphql-ws closes over', () => {
  const start = useStockServer();
  const connect = useSocket();

  for (const place of [0, 2, 3])
    it(`harms no neighbour of the same turn: a syntax error in place ${place}`, async () => {
      const { url } = await start();
      const socket = connect({ url });
      const queries = ['a', 'b', 'c'].map(ticks);
      queries.splice(place, 0, bad);
      const streams = queries.map((query) => follow(socket, query));
      const [culprit] = streams.splice(place, 1);
      await eventually(() => expect(culprit?.error).to.include({ code: 4500 }), 6_000);
      const before = streams.map(({ values }) => values);
      await eventually(() => {
        streams.forEach(({ values }, index) =>
          expect(values).to.be.greaterThan(before[index] ?? 0),
        );
      }, 4_000);
      for (const { error } of streams) expect(error).to.equal(undefined);
    }).timeout(15_000);

  it('harms no quiet neighbour a second later', async () => {
    const server = await start();
    const socket = connect({ url: server.url });
    const streams = ['a', 'b', 'c'].map((name) => follow(socket, quiet(name)));
    await delay(1_000);
    const culprit = follow(socket, bad);
    await eventually(() => expect(culprit.error).to.include({ code: 4500 }), 10_000);
    await eventually(() => {
      for (const name of ['a', 'b', 'c']) expect(server.open.get(name)).to.equal(1);
    }, 5_000);
    for (const { error } of streams) expect(error).to.equal(undefined);
  }).timeout(20_000);

  it('is found if an asynchronous onSubscribe throws over it, and the error says what', async () => {
    const { url } = await start({
      async onSubscribe(_context, _id, { query }) {
        await delay(50);
        if (query.includes('Bad')) throw new Error('not you');
        return undefined;
      },
    });
    const socket = connect({ url });
    const streams = ['a', 'b', 'c'].map((name) => follow(socket, ticks(name)));
    const culprit = follow(socket, `subscription Bad { ticks }`);
    await eventually(
      () => expect(culprit.error).to.include({ code: 4500, reason: 'not you' }),
      10_000,
    );
    await eventually(() => {
      for (const { values, error } of streams)
        expect([values > 0, error]).to.deep.equal([true, undefined]);
    }, 5_000);
  }).timeout(20_000);

  for (const code of [1009, 1011, 1006])
    for (const legacy of [false, true])
      it(`is found if the server answers it with ${code} each time${legacy ? ', on the legacy protocol' : ''}`, async () => {
        const server = await start({
          legacy,
          onMessage: (socket, { payload }) => {
            if (!payload?.query?.includes('killer')) return;
            if (code === 1006) socket.terminate();
            else socket.close(code);
          },
        });
        const socket = connect({ url: server.url });
        const streams = ['a', 'b'].map((name) => follow(socket, ticks(name)));
        const culprit = follow(socket, ticks('killer'));
        await eventually(() => expect(culprit.error).to.include({ code }), 12_000);
        const before = streams.map(({ values }) => values);
        await eventually(() => {
          streams.forEach(({ values, error }, index) => {
            expect([values > (before[index] ?? 0), error]).to.deep.equal([true, undefined]);
          });
        }, 3_000);
      }).timeout(20_000);

  it('shows its reason through execute$ too', async () => {
    const { url } = await start();
    const socket = connect({ url });
    let message = '';
    socket.execute$(bad).subscribe({ error: (error: Error) => (message = error.message) });
    await eventually(
      () => expect(message).to.match(/may or may not have run.*4500.*Syntax Error/),
      4_000,
    );
  });
});
