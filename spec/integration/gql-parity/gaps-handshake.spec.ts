import { expect } from 'chai';
import { describe, it } from 'mocha';
import { filter, firstValueFrom, lastValueFrom, NEVER, startWith } from 'rxjs';
import { GRAPHQL_TRANSPORT_WS, SUBSCRIPTIONS_TRANSPORT_WS } from 'rx-graphql-ws';
import { failureOf } from '../../helpers/failure-of.js';
import { continents, continentsQuery } from '../../helpers/parity/continents.js';
import { record } from '../../helpers/parity/record.js';
import { useParity } from '../../helpers/parity/use-parity.js';

describe('gql parity: gaps, handshake and limits', () => {
  const start = useParity(SUBSCRIPTIONS_TRANSPORT_WS);
  const handle = () => [{ data: continents }];

  for (const [what, later] of [
    ['a function', <T>(value: T) => value],
    ['an asynchronous function', <T>(value: T) => Promise.resolve(value)],
  ] as const) {
    it(`X31 ${what} gives new connectionParams to each attempt`, async () => {
      const tokens = ['first', 'second', 'third'];
      const { server, socket } = await start(
        { handle: () => NEVER.pipe(startWith({ data: 1 })) },
        {
          connectionParams: () => later({ token: tokens.shift() }),
          retry: { delay: 0 },
        },
      );
      const seen = record(socket.subscribe$('subscription { a }'));
      for (const connection of [1, 2]) {
        await server.ledger.until('started', undefined, connection);
        server.drop();
      }
      await server.ledger.until('started', undefined, 3);
      seen.unsubscribe();
      const inits = server.ledger.messages.filter(({ type }) => type === 'connection_init');
      expect(inits.map(({ payload }) => payload)).to.deep.equal([
        { token: 'first' },
        { token: 'second' },
        { token: 'third' },
      ]);
    });
  }

  it('X32 the payload of the ack is there to read', async () => {
    const ack = { connectionTimeoutMs: 300_000 };
    const { socket } = await start({ connect: () => ({ ack }) });
    const held = record(socket.connection$);
    const isConnected = ({ state }: { readonly state: string }) => state === 'connected';
    const status = await firstValueFrom(socket.status$.pipe(filter(isConnected)));
    expect(status).to.deep.include({ ackPayload: ack });
    expect(held.values[0]?.ackPayload).to.deep.equal(ack);
    held.unsubscribe();
  });

  describe('X33 the server chooses', () => {
    for (const [offered, fallback, begin] of [
      [[GRAPHQL_TRANSPORT_WS, SUBSCRIPTIONS_TRANSPORT_WS], SUBSCRIPTIONS_TRANSPORT_WS, 'start'],
      [[SUBSCRIPTIONS_TRANSPORT_WS], SUBSCRIPTIONS_TRANSPORT_WS, 'start'],
      [[GRAPHQL_TRANSPORT_WS], GRAPHQL_TRANSPORT_WS, 'subscribe'],
    ] as const) {
      it(`X33 no subprotocol of ${offered.join(', ')}: ${fallback} is spoken`, async () => {
        const { server, socket } = await start(
          { subprotocols: [], fallback, handle },
          { subprotocols: offered },
        );
        expect(await lastValueFrom(socket.query$(continentsQuery))).to.deep.equal(continents);
        expect((await server.ledger.received(begin)).id).to.equal('1');
        const offers = server.ledger.upgrades.map(({ subprotocols }) => subprotocols);
        expect(offers).to.deep.equal([offered, []]);
      });
    }

    it('X33 a subprotocol that was not offered: an error', async () => {
      const { server, socket } = await start(
        { subprotocols: () => 'graphql-subscriptions', handle },
        {},
      );
      const error = await failureOf(socket.query$(continentsQuery), 'HandshakeError');
      expect(error).to.include({ kind: 'subprotocol' });
      expect(error.message).to.contain(GRAPHQL_TRANSPORT_WS);
      expect(server.ledger.upgrades).to.have.length(1);
    });
  });

  describe('X34 a message of 1.2 MB', () => {
    const text = 'x'.repeat(1_200_000);
    const large = () => [{ data: { text } }];

    it('X34 arrives', async () => {
      const { socket } = await start({ handle: large });
      expect(await lastValueFrom(socket.query$('{ text }'))).to.deep.equal({ text });
    });

    it('X34 is refused with 1009 where maxPayload is lower', async () => {
      const { server, socket } = await start(
        { handle: large },
        { webSocketOptions: { maxPayload: 1_000_000 } },
      );
      const error = await failureOf(socket.query$('{ text }'), 'ConnectionClosedError');
      expect(error.cause).to.include({ code: 'WS_ERR_UNSUPPORTED_MESSAGE_LENGTH' });
      expect((await server.ledger.until('closed')).code).to.equal(1009);
    });
  });
});
