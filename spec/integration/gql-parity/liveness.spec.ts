import { expect } from 'chai';
import { describe, it } from 'mocha';
import {
  filter,
  firstValueFrom,
  lastValueFrom,
  NEVER,
  startWith,
  switchMap,
  take,
  tap,
  toArray,
  withLatestFrom,
} from 'rxjs';
import { GRAPHQL_TRANSPORT_WS, SUBSCRIPTIONS_TRANSPORT_WS } from 'rx-graphql-ws';
import type { GraphQLTestServer } from 'rx-graphql-ws/testing/server';
import { acknowledge, completion, resultOf } from '../../helpers/parity/answering.js';
import { continents, continentsQuery } from '../../helpers/parity/continents.js';
import { countdown, numbers$, numbersFrom } from '../../helpers/parity/countdown.js';
import { record } from '../../helpers/parity/record.js';
import { tappedWebSocket } from '../../helpers/parity/tapped-web-socket.js';
import { useParity } from '../../helpers/parity/use-parity.js';
import { protocols } from '../../helpers/wire.js';

const all = numbersFrom(10);
const sent = ({ ledger }: GraphQLTestServer, type: string) =>
  ledger.messages.filter((message) => message.type === type);

for (const { subprotocol } of protocols)
  describe(`gql parity: keep-alive over ${subprotocol}`, () => {
    const start = useParity(subprotocol);

    it('AS10 heartbeats in time keep the connection', async () => {
      const { socket } = await start(
        { handle: countdown(500), keepAlive: 20 },
        { keepAliveTimeout: 400 },
      );
      expect(await lastValueFrom(numbers$(socket, 1).pipe(toArray()))).to.deep.equal([1, 0]);
    });

    it('GS8, X10 results in time keep the connection as well as heartbeats do', async () => {
      const { socket } = await start({ handle: countdown(50) }, { keepAliveTimeout: 400 });
      expect(await lastValueFrom(numbers$(socket, 10).pipe(toArray()))).to.deep.equal(all);
    });

    it('AS11, GS9 fails when nothing comes for keepAliveTimeout', async () => {
      const { server, socket } = await start({ handle: countdown(500) }, { keepAliveTimeout: 80 });
      const seen = record(numbers$(socket, 10));
      await seen.ended;
      expect(seen.error).to.include({
        name: 'SilentDisconnectError',
        kind: 'silence',
        silentFor: 80,
      });
      // The connection is taken for dead: operations are not ended on it.
      await server.ledger.until('closed');
      expect(server.ledger.messages).to.have.length(2);
    });
  });

describe('gql parity: heartbeats of the legacy protocol', () => {
  const start = useParity(SUBSCRIPTIONS_TRANSPORT_WS);

  it('AS9 are passed over', async () => {
    const { socket } = await start({ handle: countdown(2), keepAlive: 5 });
    const events = record(socket.events$);
    expect(await lastValueFrom(numbers$(socket, 10).pipe(toArray()))).to.deep.equal(all);
    expect(events.values.filter(({ type }) => type === 'pong').length).to.be.greaterThan(1);
  });

  it('AQ16 are ignored before the ack', async () => {
    const { socket } = await start({
      script: async (peer) => {
        const ka = { type: 'ka' };
        peer.send(ka, ka, ka, ka);
        await acknowledge(peer);
        const { id } = await peer.read('start');
        peer.send(resultOf({ data: continents })(id, peer), completion(id));
      },
    });
    expect(await lastValueFrom(socket.query$(continentsQuery))).to.deep.equal(continents);
  });
});

describe('gql parity: pings of the current protocol', () => {
  const start = useParity(GRAPHQL_TRANSPORT_WS);
  const forEver = () => NEVER.pipe(startWith({ data: { number: 10 } }));
  const reconnecting = { retry: { delay: 0 } };

  it('GS7 are answered with their payload, and told as the ack is', async () => {
    const payload = { message: 'dummy_ping_payload' };
    const { server, socket } = await start({
      handle: countdown(5),
      connect: () => ({ ack: 'dummy_connection_ack_payload' }),
      keepAlive: 10,
      keepAlivePayload: payload,
    });
    const events = record(socket.events$);
    const states = record(socket.status$);
    expect(await lastValueFrom(numbers$(socket, 10).pipe(toArray()))).to.deep.equal(all);
    await server.ledger.until('closed');
    const connected = states.values.find(({ state }) => state === 'connected');
    expect(connected).to.include({ ackPayload: 'dummy_connection_ack_payload' });
    const pings = events.values.filter(({ type }) => type === 'ping');
    expect(pings.length).to.be.greaterThan(1);
    expect(pings[0]).to.include({ direction: 'received' });
    expect(pings[0]).to.deep.include({ payload });
    const pong = { type: 'pong', payload };
    expect(sent(server, 'pong')).to.deep.equal(pings.map(() => pong));
  });

  it('X1, X8 are answered before the ack, too, and without a payload where there is none', async () => {
    const { server, socket } = await start({
      script: async (peer) => {
        await peer.read('connection_init');
        peer.send({ type: 'ping', payload: { message: 'keepalive' } }, { type: 'ping' });
        for (const payload of [{ message: 'keepalive' }, undefined])
          expect((await peer.read('pong')).payload).to.deep.equal(payload);
        peer.send({ type: 'connection_ack' });
        const { id } = await peer.read('subscribe');
        peer.send(resultOf({ data: continents })(id, peer), completion(id));
      },
    });
    expect(await firstValueFrom(socket.query$(continentsQuery))).to.deep.equal(continents);
    await server.finished();
    const [, , bare] = server.ledger.frames.map(({ frame }) => frame);
    expect(bare).to.equal('{"type":"pong"}');
  });

  it('GS10 are sent to the server, and its pongs keep the connection', async () => {
    const { server, socket } = await start(
      { handle: countdown(500) },
      { pingInterval: 30, pongTimeout: 300 },
    );
    expect(await lastValueFrom(numbers$(socket, 1).pipe(toArray()))).to.deep.equal([1, 0]);
    expect(sent(server, 'ping').length).to.be.greaterThan(2);
    expect(sent(server, 'ping')[0]).to.deep.equal({ type: 'ping' });
  });

  it('GS11 without an answer end the connection when nothing else comes either', async () => {
    const { server, socket } = await start(
      { handle: forEver, answerPings: false },
      { pingInterval: 60, pongTimeout: 20 },
    );
    const seen = record(numbers$(socket, 10));
    await seen.ended;
    expect(seen.values).to.deep.equal([10]);
    expect(seen.error).to.include({ name: 'SilentDisconnectError', kind: 'pong', silentFor: 20 });
    await server.ledger.until('closed');
    const types = server.ledger.messages.map(({ type }) => type);
    expect(types).to.deep.equal(['connection_init', 'subscribe', 'ping']);
  });

  it('GS11 without an answer end nothing while results come, which prove as much as a pong', async () => {
    const { server, socket } = await start(
      { handle: countdown(5), answerPings: false },
      { pingInterval: 15, pongTimeout: 200 },
    );
    expect(await lastValueFrom(numbers$(socket, 60).pipe(toArray()))).to.have.length(61);
    expect(sent(server, 'ping').length).to.be.greaterThan(2);
  });

  it('X9 are not answered by a pong from before them', async () => {
    const { server, socket } = await start(
      {
        script: async (peer) => {
          await acknowledge(peer);
          peer.send({ type: 'pong' });
          await peer.read('ping');
        },
      },
      { pingInterval: 40, pongTimeout: 20 },
    );
    const seen = record(socket.connection$);
    await seen.ended;
    expect(seen.error).to.include({ name: 'SilentDisconnectError', kind: 'pong' });
    expect(sent(server, 'ping')).to.have.length(1);
  });

  it('GS12 of the application carry a payload, and their pongs are told', async () => {
    const { server, socket } = await start({ handle: countdown(10) });
    // Held, or the last pong would find the connection closed.
    const held = record(socket.connection$);
    const pong$ = socket.events$.pipe(filter(({ type }) => type === 'pong'));
    const pongs = record(pong$.pipe(take(11)));
    const counted$ = numbers$(socket, 10).pipe(
      withLatestFrom(socket.connection$),
      tap(([number, connection]) => {
        connection.send({ type: 'ping', payload: { count_received: 11 - number } });
      }),
    );
    await lastValueFrom(counted$);
    await pongs.ended;
    held.unsubscribe();
    const payloads = all.map((number) => ({ count_received: 11 - number }));
    expect(sent(server, 'ping').map(({ payload }) => payload)).to.deep.equal(payloads);
    pongs.values.forEach((pong, index) => {
      expect(pong).to.deep.include({ payload: payloads[index] });
    });
    expect(pongs.values[0]).to.have.property('latency').that.is.within(0, 1_000);
  });

  it('GS13 are left to the application with answerPings off', async () => {
    const { server, socket } = await start(
      { handle: countdown(10), keepAlive: 20, keepAlivePayload: 'dummy_ping_payload' },
      { answerPings: false },
    );
    const pong = { type: 'pong', payload: { some: 'data' } } as const;
    const answers = record(
      socket.connection$.pipe(
        switchMap((connection) =>
          connection.messages$.pipe(
            filter(({ type }) => type === 'ping'),
            tap(() => connection.send(pong)),
          ),
        ),
      ),
    );
    expect(await lastValueFrom(numbers$(socket, 10).pipe(toArray()))).to.deep.equal(all);
    answers.unsubscribe();
    await server.ledger.until('closed');
    const pongs = sent(server, 'pong');
    expect(pongs.length).to.be.greaterThan(1);
    expect(pongs).to.deep.equal(pongs.map(() => pong));
  });

  it('X20 without an answer are followed by a new connection and the same operation', async () => {
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
    expect(seen).to.deep.include({ outcome: 'completed', values: [10, ...numbersFrom(3)] });
    expect(server.ledger.opened).to.have.length(2);
    const [, , , waiting, ...later] = states.values;
    expect(waiting).to.have.nested.property('error.name', 'SilentDisconnectError');
    expect(later.map(({ state }) => state)).to.include.members(['connecting', 'connected']);
  });

  it('X21 leave a half-open connection at once', async () => {
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
});
