import { setTimeout as delay } from 'node:timers/promises';
import { expect } from 'chai';
import { before, describe, it } from 'mocha';
import {
  filter,
  firstValueFrom,
  forkJoin,
  lastValueFrom,
  NEVER,
  startWith,
  take,
  toArray,
} from 'rxjs';
import {
  GRAPHQL_TRANSPORT_WS,
  SUBSCRIPTIONS_TRANSPORT_WS,
  type GraphQLSocket,
} from 'rx-graphql-ws';
import { failureOf } from '../../helpers/failure-of.js';
import { continents, continentsQuery } from '../../helpers/parity/continents.js';
import { countdown, numbers$, numbersFrom } from '../../helpers/parity/countdown.js';
import { record } from '../../helpers/parity/record.js';
import { selfSigned } from '../../helpers/parity/self-signed.js';
import { stateOf } from '../../helpers/parity/state-of.js';
import { tappedWebSocket } from '../../helpers/parity/tapped-web-socket.js';
import { useParity } from '../../helpers/parity/use-parity.js';
import { init } from '../../helpers/wire.js';

const handle = () => [{ data: continents }];
const forEver = () => NEVER.pipe(startWith({ data: { number: 1 } }));
const reconnecting = { retry: { delay: 0 } };

describe('gql parity: connections, legacy protocol', () => {
  const start = useParity(SUBSCRIPTIONS_TRANSPORT_WS);

  it('AQ1 connects for the first operation, with headers both ways, and disconnects after the last', async () => {
    const { server, socket } = await start(
      { handle, headers: { dummy: 'test1234' } },
      { webSocketOptions: { headers: { test: '1234' } } },
    );
    const opened = firstValueFrom(socket.events$.pipe(filter(({ type }) => type === 'opened')));
    const states = record(socket.status$);
    expect(server.ledger.upgrades).to.have.length(0);
    expect(await firstValueFrom(socket.query$(continentsQuery))).to.deep.equal(continents);
    expect(await opened).to.have.nested.property('headers.dummy', 'test1234');
    expect(server.ledger.upgrades[0]?.headers).to.include({ test: '1234' });
    await server.ledger.until('closed');
    const named = states.values.map(({ state }) => state);
    expect(named).to.deep.equal(['idle', 'connecting', 'connected', 'idle']);
  });

  it('AQ9, AQ14 connects again for a query far from the one before, and uses no id twice', async () => {
    const { server, socket } = await start({ handle });
    for (const connection of [1, 2]) {
      expect(await lastValueFrom(socket.query$(continentsQuery))).to.deep.equal(continents);
      const closed = await server.ledger.until('closed', undefined, connection);
      expect(closed).to.include({ connection, code: 1000 });
      expect(await stateOf(socket)).to.equal('idle');
    }
    expect(server.ledger.messages.map(({ type, id }) => [type, id])).to.deep.equal(
      ['1', '2'].flatMap((id) => [
        ['connection_init', undefined],
        ['start', id],
        ['connection_terminate', undefined],
      ]),
    );
  });

  it('AQ10 two socket objects have a connection each', async () => {
    const pairs = [await start({ handle }), await start({ handle })];
    const both$ = forkJoin(pairs.map(({ socket }) => socket.query$(continentsQuery)));
    expect(await lastValueFrom(both$)).to.deep.equal([continents, continents]);
    for (const { server } of pairs) expect(server.ledger.opened).to.have.length(1);
  });

  it('AQ11, AE11 connecting again, at once or later, gives the same connection', async () => {
    const { server, socket } = await start({ handle });
    const held = record(socket.connection$);
    const [second] = await Promise.all([1, 2].map(() => firstValueFrom(socket.connection$)));
    const third = await firstValueFrom(socket.connection$);
    expect(held.values).to.deep.equal([second]);
    expect(third).to.equal(second);
    expect(await lastValueFrom(socket.query$(continentsQuery))).to.deep.equal(continents);
    expect(held.outcome).to.equal('running');
    expect(server.ledger.upgrades).to.have.length(1);
    held.unsubscribe();
  });

  for (const [id, end, expected] of [
    ['AQ19', 'terminate', { code: 1006, wasClean: false }],
    ['AS18', 'close', { code: 1000, wasClean: true }],
  ] as const)
    it(`${id} an operation fails after ${end}() of the socket beneath the client`, async () => {
      const { webSocketImpl, made } = tappedWebSocket();
      const { server, socket } = await start({ handle }, { webSocketImpl, linger: 1_000 });
      await firstValueFrom(socket.connection$);
      made[0]?.[end](...(end === 'close' ? [1000] : []));
      const error = await failureOf(socket.query$(continentsQuery), 'ConnectionClosedError');
      expect(error).to.include(expected);
      expect(server.ledger.messages).to.deep.equal([init]);
      expect(made).to.have.length(1);
    });

  describe('with TLS', () => {
    let tls: { readonly key: string; readonly cert: string };
    before(async () => {
      tls = await selfSigned();
    });

    it('AQ2 works where the certificate is trusted', async () => {
      const { server, socket } = await start(
        { tls, handle },
        { webSocketOptions: { ca: tls.cert } },
      );
      expect(server.url).to.match(/^wss:/);
      expect(await lastValueFrom(socket.query$(continentsQuery))).to.deep.equal(continents);
      await server.ledger.until('closed', ({ code }) => code === 1000);
    });

    for (const webSocketOptions of [{}, { rejectUnauthorized: true }])
      it(`AQ3 fails where the certificate is not trusted, with ${JSON.stringify(webSocketOptions)}`, async () => {
        const { server, socket } = await start({ tls, handle }, { webSocketOptions });
        const error = await failureOf(socket.query$(continentsQuery), 'ConnectionError');
        expect(error.cause).to.include({ code: 'DEPTH_ZERO_SELF_SIGNED_CERT' });
        expect(error.message).to.match(/self-signed certificate/);
        expect(await stateOf(socket)).to.equal('failed');
        expect(server.ledger.upgrades).to.have.length(0);
      });
  });

  describe('with a message of 1.2 MB', () => {
    const text = 'x'.repeat(1_200_000);
    const large = () => [{ data: { text } }];

    it('X34 has it by default', async () => {
      const { socket } = await start({ handle: large });
      expect(await lastValueFrom(socket.query$('{ text }'))).to.deep.equal({ text });
    });

    it('AQ15, X34 refuses it with 1009 where the constructor is given a lower maxPayload', async () => {
      const { server, socket } = await start(
        { handle: large },
        { webSocketOptions: { maxPayload: 1_000_000 } },
      );
      const error = await failureOf(socket.query$('{ text }'), 'ConnectionClosedError');
      expect(error.cause).to.include({ code: 'WS_ERR_UNSUPPORTED_MESSAGE_LENGTH' });
      expect((await server.ledger.until('closed')).code).to.equal(1009);
    });
  });

  it('X31 a function gives new connectionParams to each attempt', async () => {
    const tokens = ['first', 'second', 'third'];
    const rest = [...tokens];
    const { server, socket } = await start(
      { handle: forEver },
      { ...reconnecting, connectionParams: () => Promise.resolve({ token: rest.shift() }) },
    );
    const seen = record(socket.subscribe$('subscription { a }'));
    for (const connection of [1, 2]) {
      await server.ledger.until('started', undefined, connection);
      server.drop();
    }
    await server.ledger.until('started', undefined, 3);
    seen.unsubscribe();
    const inits = server.ledger.messages.filter(({ type }) => type === 'connection_init');
    const sent = tokens.map((token) => ({ token }));
    expect(inits.map(({ payload }) => payload)).to.deep.equal(sent);
  });

  it('X32 the payload of the ack is there to read', async () => {
    const ack = { connectionTimeoutMs: 300_000 };
    const { socket } = await start({ connect: () => ({ ack }) });
    const held = record(socket.connection$);
    expect(await connected(socket)).to.deep.include({ ackPayload: ack });
    expect(held.values[0]?.ackPayload).to.deep.equal(ack);
    held.unsubscribe();
  });

  for (const [offered, fallback, begin] of [
    [[GRAPHQL_TRANSPORT_WS, SUBSCRIPTIONS_TRANSPORT_WS], SUBSCRIPTIONS_TRANSPORT_WS, 'start'],
    [[SUBSCRIPTIONS_TRANSPORT_WS], SUBSCRIPTIONS_TRANSPORT_WS, 'start'],
    [[GRAPHQL_TRANSPORT_WS], GRAPHQL_TRANSPORT_WS, 'subscribe'],
  ] as const)
    it(`X33 the server selects nothing of ${offered.join(', ')}: ${fallback} is spoken`, async () => {
      const { server, socket } = await start(
        { subprotocols: [], fallback, handle },
        { subprotocols: offered },
      );
      expect(await lastValueFrom(socket.query$(continentsQuery))).to.deep.equal(continents);
      expect((await server.ledger.received(begin)).id).to.equal('1');
      const offers = server.ledger.upgrades.map(({ subprotocols }) => subprotocols);
      expect(offers).to.deep.equal([offered, []]);
    });

  it('X33 the server selects a subprotocol that was not offered: an error', async () => {
    const { server, socket } = await start({ subprotocols: () => 'graphql-subscriptions' });
    const error = await failureOf(socket.query$(continentsQuery), 'HandshakeError');
    expect(error).to.include({ kind: 'subprotocol' });
    expect(error.message).to.contain(GRAPHQL_TRANSPORT_WS);
    expect(server.ledger.upgrades).to.have.length(1);
  });
});

describe('gql parity: connections that end, current protocol', () => {
  const start = useParity(GRAPHQL_TRANSPORT_WS);

  for (const [code, config] of [
    [4400, {}],
    [4401, reconnecting],
    [4403, reconnecting],
    [4429, reconnecting],
  ] as const)
    it(`X17 ${code} from the server is an error with code and reason, with ${JSON.stringify(config)}`, async () => {
      const { server, socket } = await start({ handle: forEver }, config);
      const seen = record(numbers$(socket, 1));
      await server.ledger.until('started');
      server.close(code, 'because');
      await seen.ended;
      const closed = { name: 'ConnectionClosedError', code, reason: 'because', wasClean: true };
      expect(seen.error).to.include(closed);
      expect(await stateOf(socket)).to.equal('failed');
      await delay(20);
      expect(server.ledger.upgrades).to.have.length(1);
    });

  it('X18, X22 after 1000 a subscription is sent again, with a new id and the same payload', async () => {
    const { server, socket } = await start({ handle: forEver }, reconnecting);
    const two = record(numbers$(socket, 7).pipe(take(2)));
    await server.ledger.until('started');
    await connected(socket);
    server.close(1000);
    await two.ended;
    expect(two).to.deep.include({ outcome: 'completed', values: [1, 1] });
    const sent = server.ledger.messages.filter(({ type }) => type === 'subscribe');
    expect(sent.map(({ id }) => id)).to.deep.equal(['1', '2']);
    expect(sent[1]?.payload).to.deep.equal(sent[0]?.payload);
  });

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
    const { server, socket } = await start({ handle }, { ...reconnecting, linger: 1_000 });
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

  describe('under a mutation', () => {
    const mutation = 'mutation { pay }';

    it('X23 it is not sent again: it fails', async () => {
      const { server, socket } = await start({ handle: () => NEVER }, reconnecting);
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

    it('X23 it is sent again where the application says so', async () => {
      const { server, socket } = await start({ handle: () => NEVER }, reconnecting);
      const seen = record(socket.mutate$(mutation, { resend: true }));
      await server.ledger.until('started');
      server.drop();
      await server.ledger.until('started', undefined, 2);
      expect(seen.outcome).to.equal('running');
      seen.unsubscribe();
    });
  });

  it('X24 a server that cannot be reached is an error', async () => {
    const { server, socket } = await start({});
    await server.stop();
    const error = await failureOf(socket.connection$, 'ConnectionError');
    expect(error.cause).to.include({ code: 'ECONNREFUSED' });
    expect(await stateOf(socket)).to.equal('failed');
  });

  for (const [what, connectionParams, dials] of [
    ['constant ones are final', { token: 'old' }, 1],
    ['those of a function are asked for once more', () => ({ token: 'old' }), 2],
  ] as const)
    it(`X25 credentials that are refused are an error, whatever the retries: ${what}`, async () => {
      const { server, socket } = await start(
        { connect: () => ({ reject: 'Invalid token', reason: 'Invalid token' }) },
        { ...reconnecting, connectionParams },
      );
      const error = await failureOf(socket.query$(continentsQuery), 'ConnectionClosedError');
      expect(error).to.include({ code: 4403, reason: 'Invalid token' });
      await delay(20);
      expect(server.ledger.upgrades).to.have.length(dials);
    });

  it('X26 cancelling while the ack is awaited closes the socket, and another try works', async () => {
    let acknowledging = false;
    const { server, socket } = await start({
      connect: () => (acknowledging ? true : NEVER),
      handle: countdown(1),
    });
    const given = record(numbers$(socket, 3));
    await server.ledger.received('connection_init');
    given.unsubscribe();
    expect((await server.ledger.until('closed')).code).to.equal(1000);
    expect(await stateOf(socket)).to.equal('idle');
    acknowledging = true;
    const numbers = await lastValueFrom(numbers$(socket, 3).pipe(toArray()));
    expect(numbers).to.deep.equal(numbersFrom(3));
    const subscribes = server.ledger.messages.filter(({ type }) => type === 'subscribe');
    expect(subscribes).to.have.length(1);
  });

  it('X27 close() while connecting gives the dial up', async () => {
    const { webSocketImpl, made } = tappedWebSocket();
    const { server, socket } = await start({ authorize: () => NEVER }, { webSocketImpl });
    const subscription = record(numbers$(socket, 3));
    const query = record(socket.query$(continentsQuery));
    await server.ledger.until('upgrade');
    socket.close();
    expect(subscription.outcome).to.equal('completed');
    expect(query.error).to.have.property('name', 'SocketDisposedError');
    expect(await lastValueFrom(socket.status$)).to.include({ state: 'closed' });
    await delay(20);
    expect(made.map(({ readyState }) => readyState)).to.deep.equal([3]);
    expect(server.ledger.opened).to.have.length(0);
  });
});

function connected({ status$ }: GraphQLSocket) {
  return firstValueFrom(status$.pipe(filter(({ state }) => state === 'connected')));
}
