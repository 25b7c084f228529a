import { expect } from 'chai';
import { describe, it } from 'mocha';
import { setTimeout as delay } from 'node:timers/promises';
import type { Subscription } from 'rxjs';
import type { GraphQLSocket, GraphQLSocketError } from 'rx-graphql-ws';
import { eventually } from '../../helpers/eventually.js';
import { attachGraphqlWs } from '../../helpers/peers/graphql-ws-peer.js';
import { attachLegacy } from '../../helpers/peers/legacy-peer.js';
import { usePeer } from '../../helpers/peers/real-peer.js';
import { useSocket } from '../../helpers/use-socket.js';

const bad = 'subscription {';
const ticks = (name: string) => `subscription { ticks(name: "${name}") }`;

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
  const start = usePeer();
  const connect = useSocket();

  for (const place of [0, 2, 3])
    it(`harms no neighbour of the same turn: a syntax error in place ${place}`, async () => {
      const { url } = await start(attachGraphqlWs);
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

  it('is found if an asynchronous onSubscribe throws over it, and the error says what', async () => {
    const hooks = {
      async onSubscribe(_context: unknown, _id: unknown, { query }: { query: string }) {
        await delay(50);
        if (query.includes('Bad')) throw new Error('not you');
        return undefined;
      },
    };
    const { url } = await start(attachGraphqlWs, { hooks });
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
        const server = await start(legacy ? attachLegacy : attachGraphqlWs, {
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
});
