import { expect } from 'chai';
import { describe, it } from 'mocha';
import {
  concatMap,
  filter,
  lastValueFrom,
  NEVER,
  startWith,
  switchMap,
  take,
  tap,
  toArray,
  withLatestFrom,
} from 'rxjs';
import { GRAPHQL_TRANSPORT_WS } from 'rx-graphql-ws';
import { countdown, numbers$, numbersFrom } from '../../helpers/parity/countdown.js';
import { record } from '../../helpers/parity/record.js';
import { useParity } from '../../helpers/parity/use-parity.js';

describe('gql parity: pings and keep-alive, current protocol', () => {
  const start = useParity(GRAPHQL_TRANSPORT_WS);
  const all = numbersFrom(10);

  it('GS7 answers pings with their payload, and tells pings and the ack', async () => {
    const { server, socket } = await start({
      handle: countdown(5),
      connect: () => ({ ack: 'dummy_connection_ack_payload' }),
      keepAlive: 10,
      keepAlivePayload: 'dummy_ping_payload',
    });
    const events = record(socket.events$);
    const states = record(socket.status$);
    expect(await lastValueFrom(numbers$(socket, 10).pipe(toArray()))).to.deep.equal(all);
    await server.ledger.until('closed');
    const connected = states.values.find(({ state }) => state === 'connected');
    expect(connected).to.include({ ackPayload: 'dummy_connection_ack_payload' });
    const pings = events.values.filter(({ type }) => type === 'ping');
    expect(pings.length).to.be.greaterThan(1);
    expect(pings[0]).to.include({ direction: 'received', payload: 'dummy_ping_payload' });
    const pongs = server.ledger.messages.filter(({ type }) => type === 'pong');
    expect(pongs).to.deep.equal(pings.map(() => ({ type: 'pong', payload: 'dummy_ping_payload' })));
  });

  it('GS8 results in time keep the connection', async () => {
    const { socket } = await start({ handle: countdown(50) }, { keepAliveTimeout: 400 });
    expect(await lastValueFrom(numbers$(socket, 10).pipe(toArray()))).to.deep.equal(all);
  });

  it('GS9 fails when nothing comes for keepAliveTimeout', async () => {
    const { server, socket } = await start({ handle: countdown(160) }, { keepAliveTimeout: 80 });
    const seen = record(numbers$(socket, 10));
    await seen.ended;
    expect(seen.error).to.include({
      name: 'SilentDisconnectError',
      kind: 'silence',
      silentFor: 80,
    });
    await server.ledger.until('closed');
    expect(server.ledger.messages).to.have.length(2);
  });

  it('GS10 pings the server, and its pongs keep the connection', async () => {
    const { server, socket } = await start(
      { handle: countdown(500) },
      { pingInterval: 30, pongTimeout: 300 },
    );
    expect(await lastValueFrom(numbers$(socket, 1).pipe(toArray()))).to.deep.equal([1, 0]);
    const pings = server.ledger.messages.filter(({ type }) => type === 'ping');
    expect(pings.length).to.be.greaterThan(2);
    expect(pings[0]).to.deep.equal({ type: 'ping' });
  });

  describe('beside a server that does not answer pings', () => {
    const liveness = { pingInterval: 60, pongTimeout: 20 };

    it('GS11 fails when nothing else comes either', async () => {
      const { server, socket } = await start(
        { handle: () => NEVER.pipe(startWith({ data: { number: 10 } })), answerPings: false },
        liveness,
      );
      const seen = record(numbers$(socket, 10));
      await seen.ended;
      expect(seen.values).to.deep.equal([10]);
      expect(seen.error).to.include({ name: 'SilentDisconnectError', kind: 'pong', silentFor: 20 });
      await server.ledger.until('closed');
      const types = server.ledger.messages.map(({ type }) => type);
      expect(types).to.deep.equal(['connection_init', 'subscribe', 'ping']);
    });

    it('GS11 goes on while results come, which prove as much as a pong', async () => {
      const { server, socket } = await start(
        { handle: countdown(5), answerPings: false },
        { pingInterval: 15, pongTimeout: 200 },
      );
      expect(await lastValueFrom(numbers$(socket, 60).pipe(toArray()))).to.have.length(61);
      const pings = server.ledger.messages.filter(({ type }) => type === 'ping');
      expect(pings.length).to.be.greaterThan(2);
    });
  });

  it('GS12 pings of the application carry a payload, and their pongs are told', async () => {
    const { server, socket } = await start({ handle: countdown(10) });
    // Held, or the last pong would find the connection closed.
    const held = record(socket.connection$);
    const pongs = record(
      socket.events$.pipe(
        filter(({ type }) => type === 'pong'),
        take(11),
      ),
    );
    const counted$ = numbers$(socket, 10).pipe(
      withLatestFrom(socket.connection$),
      tap(([number, connection]) => {
        connection.send({ type: 'ping', payload: { count_received: 11 - number } });
      }),
      toArray(),
    );
    const counted = await lastValueFrom(counted$);
    expect(counted.map(([number]) => number)).to.deep.equal(all);
    await pongs.ended;
    held.unsubscribe();
    const pings = server.ledger.messages.filter(({ type }) => type === 'ping');
    expect(pings.map(({ payload }) => payload)).to.deep.equal(
      all.map((number) => ({ count_received: 11 - number })),
    );
    pongs.values.forEach((pong, index) => {
      expect(pong).to.deep.include({ payload: { count_received: index + 1 } });
    });
    expect(pongs.values[0]).to.have.property('latency').that.is.within(0, 1_000);
  });

  it('GS13 leaves the answers to the application, with answerPings off', async () => {
    const { server, socket } = await start(
      { handle: countdown(10), keepAlive: 20, keepAlivePayload: 'dummy_ping_payload' },
      { answerPings: false },
    );
    const answers = record(
      socket.connection$.pipe(
        switchMap((connection) =>
          connection.messages$.pipe(
            filter(({ type }) => type === 'ping'),
            concatMap(() => {
              connection.send({ type: 'pong', payload: { some: 'data' } });
              return [];
            }),
          ),
        ),
      ),
    );
    expect(await lastValueFrom(numbers$(socket, 10).pipe(toArray()))).to.deep.equal(all);
    answers.unsubscribe();
    await server.ledger.until('closed');
    const pongs = server.ledger.messages.filter(({ type }) => type === 'pong');
    expect(pongs.length).to.be.greaterThan(1);
    expect(pongs).to.deep.equal(pongs.map(() => ({ type: 'pong', payload: { some: 'data' } })));
  });
});
