import { expect } from 'chai';
import { before, describe, it } from 'mocha';
import { filter, firstValueFrom, forkJoin, lastValueFrom, toArray } from 'rxjs';
import { SUBSCRIPTIONS_TRANSPORT_WS } from 'rx-graphql-ws';
import { failureOf } from '../../helpers/failure-of.js';
import { answering, resultOf } from '../../helpers/parity/answering.js';
import { continents, continentsQuery, type Continents } from '../../helpers/parity/continents.js';
import { record } from '../../helpers/parity/record.js';
import { selfSigned } from '../../helpers/parity/self-signed.js';
import { stateOf } from '../../helpers/parity/state-of.js';
import { tappedWebSocket } from '../../helpers/parity/tapped-web-socket.js';
import { useParity } from '../../helpers/parity/use-parity.js';

describe('gql parity: connections, legacy protocol', () => {
  const start = useParity(SUBSCRIPTIONS_TRANSPORT_WS);
  const handle = () => [{ data: continents }];

  it('AQ1 connects for the first operation, with headers both ways, and disconnects after the last', async () => {
    const { server, socket } = await start(
      { handle, headers: { dummy: 'test1234' } },
      { webSocketOptions: { headers: { test: '1234' } } },
    );
    const opened = firstValueFrom(socket.events$.pipe(filter(({ type }) => type === 'opened')));
    const states = record(socket.status$);
    expect(server.ledger.upgrades).to.have.length(0);

    const data = await firstValueFrom(socket.query$<Continents>(continentsQuery));
    expect(data.continents[0]?.code).to.equal('AF');
    expect(await opened).to.have.nested.property('headers.dummy', 'test1234');
    expect(server.ledger.upgrades[0]?.headers).to.include({ test: '1234' });

    await server.ledger.until('closed');
    expect(states.values.map(({ state }) => state)).to.deep.equal([
      'idle',
      'connecting',
      'connected',
      'idle',
    ]);
  });

  it('AQ9 connects again for each series of operations', async () => {
    const { server, socket } = await start({ handle });
    for (const connection of [1, 2]) {
      expect(await lastValueFrom(socket.query$(continentsQuery))).to.deep.equal(continents);
      const closed = await server.ledger.until('closed', undefined, connection);
      expect(closed).to.include({ connection, code: 1000 });
      expect(await stateOf(socket)).to.equal('idle');
    }
    // Ids are not used twice by one socket object, whatever the connection.
    expect(server.ledger.messages.map(({ type, id }) => [type, id])).to.deep.equal([
      ['connection_init', undefined],
      ['start', '1'],
      ['connection_terminate', undefined],
      ['connection_init', undefined],
      ['start', '2'],
      ['connection_terminate', undefined],
    ]);
  });

  it('AQ10 two socket objects have a connection each', async () => {
    const { server, socket } = await start({ handle });
    const { server: otherServer, socket: other } = await start({ handle });
    const both$ = forkJoin([socket.query$(continentsQuery), other.query$(continentsQuery)]);
    expect(await lastValueFrom(both$)).to.deep.equal([continents, continents]);
    expect(server.ledger.opened).to.have.length(1);
    expect(otherServer.ledger.opened).to.have.length(1);
  });

  it('AQ11 whoever connects while it is connected shares the connection', async () => {
    const { server, socket } = await start({ handle });
    const first = record(socket.connection$);
    await server.ledger.received('connection_init');
    const second = await firstValueFrom(socket.connection$);
    expect(first.values).to.have.length(1);
    expect(first.values[0]).to.equal(second);
    expect(await lastValueFrom(socket.query$(continentsQuery))).to.deep.equal(continents);
    expect(first.outcome).to.equal('running');
    expect(server.ledger.upgrades).to.have.length(1);
    first.unsubscribe();
  });

  it('AQ14 two awaited queries far from each other open and close a connection each', async () => {
    const { server, socket } = await start({ script: answering(resultOf({ data: continents })) });
    for (const connection of [1, 2]) {
      expect(await firstValueFrom(socket.query$(continentsQuery))).to.deep.equal(continents);
      await server.ledger.until('closed', undefined, connection);
      expect(await stateOf(socket)).to.equal('idle');
    }
    await server.finished();
  });

  it('AQ19 an operation fails when the socket was ended beneath the client', async () => {
    const { webSocketImpl, made } = tappedWebSocket();
    const { server, socket } = await start({ handle }, { webSocketImpl, linger: 1_000 });
    await firstValueFrom(socket.connection$);
    made[0]?.terminate();
    const error = await failureOf(socket.query$(continentsQuery), 'ConnectionClosedError');
    expect(error).to.include({ code: 1006, wasClean: false });
    expect(await stateOf(socket)).to.equal('failed');
    expect(server.ledger.messages).to.deep.equal([{ type: 'connection_init' }]);
  });

  describe('with TLS', () => {
    let tls: { readonly key: string; readonly cert: string };
    before(async () => {
      tls = await selfSigned();
    });

    it('AQ2 works where the certificate is trusted', async () => {
      const { server, socket } = await start(
        { tls, script: answering(resultOf({ data: continents })) },
        { webSocketOptions: { ca: tls.cert } },
      );
      expect(server.url).to.match(/^wss:/);
      expect(await lastValueFrom(socket.query$(continentsQuery))).to.deep.equal(continents);
      await server.finished();
      await server.ledger.until('closed', ({ code }) => code === 1000);
      expect(await stateOf(socket)).to.equal('idle');
    });

    for (const [how, webSocketOptions] of [
      ['by default', {}],
      ['when asked for', { rejectUnauthorized: true }],
    ] as const) {
      it(`AQ3 fails where the certificate is not trusted, ${how}`, async () => {
        const { server, socket } = await start({ tls, handle }, { webSocketOptions });
        const error = await failureOf(socket.query$(continentsQuery), 'ConnectionError');
        expect(error.cause).to.include({ code: 'DEPTH_ZERO_SELF_SIGNED_CERT' });
        expect(error.message).to.match(/self-signed certificate/);
        expect(await stateOf(socket)).to.equal('failed');
        expect(server.ledger.upgrades).to.have.length(0);
      });
    }
  });

  it('AQ15 options reach the constructor of the WebSocket', async () => {
    const maxPayload = 2 * 1024 * 1024;
    const text = 'x'.repeat(maxPayload - 1024);
    const { socket } = await start(
      { handle: ({ query }) => [{ data: { text: query.includes('more') ? text + text : text } }] },
      { webSocketOptions: { maxPayload } },
    );
    expect(await lastValueFrom(socket.query$('{ text }').pipe(toArray()))).to.deep.equal([
      { text },
    ]);
    await failureOf(socket.query$('{ more text }'), 'ConnectionClosedError');
  });
});
