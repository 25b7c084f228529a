import { setTimeout as delay } from 'node:timers/promises';
import { expect } from 'chai';
import { describe, it } from 'mocha';
import { concatMap, firstValueFrom, lastValueFrom, take, toArray } from 'rxjs';
import { SUBSCRIPTIONS_TRANSPORT_WS } from 'rx-graphql-ws';
import { eventually } from '../../helpers/eventually.js';
import {
  countdown,
  countdownClosingAt,
  countdownFrom,
  numbers$,
  numbersFrom,
  type Countdown,
} from '../../helpers/parity/countdown.js';
import { record } from '../../helpers/parity/record.js';
import { tappedWebSocket } from '../../helpers/parity/tapped-web-socket.js';
import { useParity } from '../../helpers/parity/use-parity.js';

describe('gql parity: subscriptions, legacy protocol', () => {
  const start = useParity(SUBSCRIPTIONS_TRANSPORT_WS);
  const all = numbersFrom(10);

  it('AS1 emits every result in order, and completes when the server does', async () => {
    const { server, socket } = await start({ handle: countdown(2) });
    expect(await lastValueFrom(numbers$(socket, 10).pipe(toArray()))).to.deep.equal(all);
    expect((await server.ledger.until('closed')).code).to.equal(1000);
    expect(server.ledger.messages.map(({ type }) => type)).to.deep.equal([
      'connection_init',
      'start',
      'connection_terminate',
    ]);
  });

  it('AS2 execute$ emits whole results', async () => {
    const { socket } = await start({ handle: countdown(2) });
    const results$ = socket.execute$<Countdown>(countdownFrom(10)).pipe(toArray());
    expect(await lastValueFrom(results$)).to.deep.equal(
      all.map((number) => ({ data: { number } })),
    );
  });

  it('AS3 unsubscribing at 5 sends stop', async () => {
    const { server, socket } = await start({ handle: countdown(2) });
    const numbers = await lastValueFrom(numbers$(socket, 10).pipe(take(6), toArray()));
    expect(numbers).to.deep.equal([10, 9, 8, 7, 6, 5]);
    await server.ledger.until('closed');
    expect(server.ledger.messages.slice(2)).to.deep.equal([
      { type: 'stop', id: '1' },
      { type: 'connection_terminate' },
    ]);
  });

  it('AS4 unsubscribing is silent: neither error nor completion', async () => {
    const { server, socket } = await start({ handle: countdown(2) });
    const seen = record(numbers$(socket, 1_000));
    await eventually(() => expect(seen.values).to.have.length.above(1));
    seen.unsubscribe();
    const { length } = seen.values;
    await server.ledger.until('closed');
    expect(server.ledger.operations).to.deep.equal([]);
    expect(seen.outcome).to.equal('running');
    expect(seen.values).to.have.length(length);
  });

  it('AS5 close() completes a subscription', async () => {
    const { server, socket } = await start({ handle: countdown(2) });
    const seen = record(numbers$(socket, 1_000));
    await eventually(() => expect(seen.values).to.have.length.above(1));
    socket.close();
    expect(seen.outcome).to.equal('completed');
    expect(seen.values).to.have.length.below(1_000);
    await lastValueFrom(socket.status$);
    expect((await server.ledger.until('closed')).code).to.equal(1000);
    expect(server.ledger.messages.slice(2)).to.deep.equal([
      { type: 'stop', id: '1' },
      { type: 'connection_terminate' },
    ]);
  });

  it('AS6 fails behind what was emitted when the server closes', async () => {
    const { socket } = await start({ handle: countdownClosingAt(5, 2) });
    const seen = record(numbers$(socket, 10));
    await seen.ended;
    expect(seen.values).to.deep.equal([10, 9, 8, 7, 6]);
    expect(seen.error).to.include({ name: 'ConnectionClosedError', code: 1000 });
  });

  it('AS7 loses nothing to a slow consumer', async () => {
    const { socket } = await start({ handle: countdown(2) });
    const slow$ = numbers$(socket, 10).pipe(
      concatMap(async (number) => {
        await delay(10);
        return number;
      }),
      toArray(),
    );
    expect(await lastValueFrom(slow$)).to.deep.equal(all);
  });

  it('AS8 sends the operation name', async () => {
    const { server, socket } = await start({ handle: countdown(2) });
    const query = countdownFrom(10);
    const operationName = 'CountdownSubscription';
    await lastValueFrom(socket.subscribe$({ query, operationName }));
    expect(await server.ledger.received('start')).to.deep.equal({
      type: 'start',
      id: '1',
      payload: { query, operationName },
    });
  });

  it('AS9 passes over keep-alives', async () => {
    const { socket } = await start({ handle: countdown(2), keepAlive: 5 });
    const events = record(socket.events$);
    expect(await lastValueFrom(numbers$(socket, 10).pipe(toArray()))).to.deep.equal(all);
    const heard = events.values.filter(({ type }) => type === 'pong');
    expect(heard.length).to.be.greaterThan(1);
  });

  it('AS10 keep-alives in time keep the connection', async () => {
    const { socket } = await start(
      { handle: countdown(500), keepAlive: 20 },
      { keepAliveTimeout: 400 },
    );
    expect(await lastValueFrom(numbers$(socket, 1).pipe(toArray()))).to.deep.equal([1, 0]);
  });

  it('AS11 fails when nothing comes for keepAliveTimeout', async () => {
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

  it('AS17 sends extensions as they are', async () => {
    const { server, socket } = await start({ handle: countdown(2) });
    const query = countdownFrom(3);
    const extensions = { persistedQuery: { version: 1, sha256Hash: 'ecf4edb46db40b5132295c02' } };
    await lastValueFrom(socket.subscribe$({ query, extensions }));
    const { payload } = await server.ledger.received('start');
    expect(payload).to.deep.equal({ query, extensions });
  });

  it('AS18 fails on a socket that is closing already', async () => {
    const { webSocketImpl, made } = tappedWebSocket();
    const { server, socket } = await start(
      { handle: countdown(2) },
      { webSocketImpl, linger: 1_000 },
    );
    await firstValueFrom(socket.connection$);
    made[0]?.close(1000);
    const seen = record(numbers$(socket, 10));
    expect(made[0]).to.include({ readyState: 2 });
    await seen.ended;
    expect(seen.error).to.include({ name: 'ConnectionClosedError', code: 1000 });
    expect(seen.values).to.deep.equal([]);
    expect(server.ledger.messages).to.deep.equal([{ type: 'connection_init' }]);
    expect(made).to.have.length(1);
  });
});
