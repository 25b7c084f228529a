import { setTimeout as delay } from 'node:timers/promises';
import { expect } from 'chai';
import { describe, it } from 'mocha';
import { filter, firstValueFrom, lastValueFrom, NEVER, startWith, take } from 'rxjs';
import { GRAPHQL_TRANSPORT_WS, type GraphQLSocket } from 'rx-graphql-ws';
import { continents, continentsQuery } from '../../helpers/parity/continents.js';
import { countdown, numbers$, numbersFrom } from '../../helpers/parity/countdown.js';
import { record } from '../../helpers/parity/record.js';
import { stateOf } from '../../helpers/parity/state-of.js';
import { tappedWebSocket } from '../../helpers/parity/tapped-web-socket.js';
import { useParity } from '../../helpers/parity/use-parity.js';

describe('gql parity: gaps, connections that are replaced', () => {
  const start = useParity(GRAPHQL_TRANSPORT_WS);
  const forEver = () => NEVER.pipe(startWith({ data: { number: 1 } }));
  const reconnecting = { retry: { delay: 0 } };
  const connected = ({ status$ }: GraphQLSocket) =>
    firstValueFrom(status$.pipe(filter(({ state }) => state === 'connected')));

  it('X19 an idle connection is replaced where somebody wants it', async () => {
    const { server, socket } = await start({}, reconnecting);
    const wanted = record(socket.connection$);
    await connected(socket);
    server.drop();
    await server.ledger.received('connection_init', 2);
    await connected(socket);
    expect(wanted).to.include({ outcome: 'running' });
    expect(wanted.values).to.have.length(2);
    wanted.unsubscribe();
  });

  it('X19 an idle connection is not replaced where nobody wants it', async () => {
    const { server, socket } = await start(
      { handle: () => [{ data: continents }] },
      { ...reconnecting, linger: 1_000 },
    );
    await lastValueFrom(socket.query$(continentsQuery));
    await delay(10);
    expect(await stateOf(socket)).to.equal('connected');
    server.drop();
    await firstValueFrom(socket.status$.pipe(filter(({ state }) => state === 'idle')));
    await delay(20);
    expect(server.ledger.upgrades).to.have.length(1);
    expect(await lastValueFrom(socket.query$(continentsQuery))).to.deep.equal(continents);
    expect(server.ledger.upgrades).to.have.length(2);
  });

  it('X20 a pong that does not come is followed by a new connection and the same operation', async () => {
    const { server, socket } = await start(
      {
        handle: (request, { peer }) => (peer.connection === 1 ? forEver() : countdown(1)(request)),
        answerPings: false,
      },
      { ...reconnecting, pingInterval: 80, pongTimeout: 20 },
    );
    const states = record(socket.status$);
    const seen = record(numbers$(socket, 3));
    await seen.ended;
    expect(seen).to.deep.include({ outcome: 'completed', values: [1, ...numbersFrom(3)] });
    expect(server.ledger.opened).to.have.length(2);
    const [, , , waiting, ...later] = states.values;
    expect(waiting).to.have.nested.property('error.name', 'SilentDisconnectError');
    expect(later.map(({ state }) => state)).to.include.members(['connecting', 'connected']);
  });

  it('X21 a half-open connection is left at once', async () => {
    const { webSocketImpl, made } = tappedWebSocket();
    const { server, socket } = await start(
      { handle: forEver },
      { ...reconnecting, webSocketImpl, pingInterval: 30, pongTimeout: 30, closeTimeout: 5_000 },
    );
    const seen = record(numbers$(socket, 1));
    await server.ledger.until('started');
    const began = performance.now();
    server.stall();
    await server.ledger.until('started', undefined, 2);
    expect(performance.now() - began).to.be.lessThan(500);
    expect(made[0]).to.include({ readyState: 3 });
    expect(seen.outcome).to.equal('running');
    seen.unsubscribe();
  });

  it('X22 an active subscription is sent again, with a new id and the same payload', async () => {
    const { server, socket } = await start({ handle: forEver }, reconnecting);
    const two = record(numbers$(socket, 7).pipe(take(2)));
    await server.ledger.until('started');
    await connected(socket);
    server.drop();
    await two.ended;
    expect(two).to.deep.include({ outcome: 'completed', values: [1, 1] });
    const sent = server.ledger.messages.filter(({ type }) => type === 'subscribe');
    expect(sent.map(({ id }) => id)).to.deep.equal(['1', '2']);
    expect(sent[1]?.payload).to.deep.equal(sent[0]?.payload);
  });

  describe('X23 a mutation under way when the connection is lost', () => {
    const mutation = 'mutation { pay }';
    const handle = () => NEVER;

    it('X23 is not sent again: it fails', async () => {
      const { server, socket } = await start({ handle }, reconnecting);
      const held = record(socket.connection$);
      const seen = record(socket.mutate$(mutation));
      await server.ledger.until('started');
      server.drop();
      await seen.ended;
      expect(seen.error).to.include({ name: 'ConnectionLostError', operationId: '1' });
      await server.ledger.received('connection_init', 2);
      await delay(10);
      expect(server.ledger.messages.filter(({ type }) => type === 'subscribe')).to.have.length(1);
      held.unsubscribe();
    });

    it('X23 is sent again where the application says so', async () => {
      const { server, socket } = await start({ handle }, reconnecting);
      const seen = record(socket.mutate$(mutation, { resend: true }));
      await server.ledger.until('started');
      server.drop();
      await server.ledger.until('started', undefined, 2);
      expect(seen.outcome).to.equal('running');
      seen.unsubscribe();
    });
  });
});
