import { expect } from 'chai';
import { describe, it } from 'mocha';
import { filter, firstValueFrom, forkJoin, lastValueFrom } from 'rxjs';
import { SUBSCRIPTIONS_TRANSPORT_WS } from 'rx-graphql-ws';
import type { Frame } from 'rx-graphql-ws/testing/server';
import { failureOf } from '../../helpers/failure-of.js';
import { acknowledge, answering, completion, resultOf } from '../../helpers/parity/answering.js';
import { continents, continentsQuery } from '../../helpers/parity/continents.js';
import { faultyAnswer, type Damage } from '../../helpers/parity/faulty-answer.js';
import { record } from '../../helpers/parity/record.js';
import { stateOf } from '../../helpers/parity/state-of.js';
import { tappedWebSocket } from '../../helpers/parity/tapped-web-socket.js';
import { useParity } from '../../helpers/parity/use-parity.js';

describe('gql parity: errors, legacy protocol', () => {
  const start = useParity(SUBSCRIPTIONS_TRANSPORT_WS);
  const errors = [
    {
      message: 'Cannot query field "bloh" on type "Continent".',
      locations: [{ line: 4, column: 5 }],
      extensions: { code: 'INTERNAL_SERVER_ERROR' },
    },
  ];

  it('AE1 a query fails with the errors of a result, as they were sent', async () => {
    const { server, socket } = await start({ script: answering(resultOf({ errors })) });
    const error = await failureOf(socket.query$('{ continents { bloh } }'), 'OperationError');
    expect(error.errors).to.deep.equal(errors);
    expect(error.errors[0]?.extensions?.code).to.equal('INTERNAL_SERVER_ERROR');
    await server.finished();
  });

  it('AE2 a subscription fails with the errors of a result, as they were sent', async () => {
    const { server, socket } = await start({
      script: async (peer) => {
        await acknowledge(peer);
        const { id } = await peer.read('start');
        peer.send(resultOf({ errors })(id, peer), completion(id));
        // It ends here with the errors, before the server's own end of it is read.
        expect((await peer.read('stop')).id).to.equal(id);
        await peer.read('connection_terminate');
      },
    });
    const seen = record(socket.subscribe$('subscription { bloh }'));
    await seen.ended;
    expect(seen.error).to.deep.include({ name: 'OperationError', errors });
    expect(seen.values).to.deep.equal([]);
    await server.finished();
  });

  it('AE3 connecting fails when no ack comes in time', async () => {
    const { server, socket } = await start({ ackDelay: false }, { ackTimeout: 30 });
    const error = await failureOf(socket.query$(continentsQuery), 'HandshakeError');
    expect(error).to.include({ kind: 'timeout' });
    expect(await server.ledger.until('closed')).to.include({ code: 1000 });
    expect(server.ledger.messages).to.deep.equal([{ type: 'connection_init' }]);
  });

  it('AE4 a connection_error after the ack concerns nobody', async () => {
    const { webSocketImpl, made } = tappedWebSocket();
    const refusal = { id: null, type: 'connection_error', payload: { message: 'not JSON' } };
    const script = async (peer: Parameters<typeof acknowledge>[0]) => {
      await acknowledge(peer);
      await firstValueFrom(peer.frames$.pipe(filter((frame) => frame === 'QSDF')));
      peer.send(refusal);
      await peer.read('connection_terminate');
    };
    const { server, socket } = await start({ script }, { webSocketImpl });
    const unhandled = firstValueFrom(
      socket.events$.pipe(filter((event) => event.type === 'unhandled')),
    );
    const connections = record(socket.connection$);
    await server.ledger.until('received');
    await firstValueFrom(socket.status$.pipe(filter(({ state }) => state === 'connected')));
    made[0]?.send('QSDF');
    expect((await unhandled).frame).to.equal(JSON.stringify(refusal));
    expect(connections.outcome).to.equal('running');
    connections.unsubscribe();
    await server.finished();
    expect((await server.ledger.until('closed')).code).to.equal(1000);
  });

  it('AE5 a refused operation fails alone, and the connection ends properly', async () => {
    const { server, socket } = await start(
      { handle: () => [] },
      { jsonReplacer: (key, value: unknown) => (key === 'payload' ? 'BLAHBLAH' : value) },
    );
    const error = await failureOf(socket.query$(continentsQuery), 'OperationError');
    expect(error.errors).to.deep.equal([{ message: 'Must provide document' }]);
    await server.ledger.until('closed');
    expect(server.ledger.messages).to.deep.equal([
      { type: 'connection_init' },
      { type: 'start', id: '1', payload: 'BLAHBLAH' },
      { type: 'connection_terminate' },
    ]);
  });

  const variants: readonly (readonly [string, Frame, Damage, string?])[] = [
    ['text that is not JSON', 'BLAHBLAH', 'connection', 'ProtocolError'],
    ['an empty object', '{}', 'connection', 'ProtocolError'],
    ['data without id', { type: 'data', payload: { data: 1 } }, 'connection', 'ProtocolError'],
    ['error without id', { type: 'error', payload: { message: 'no' } }, 'none'],
    ['complete without id', { type: 'complete' }, 'none'],
    ['data without payload', { type: 'data', id: '1' }, 'operation', 'ProtocolError'],
    ['error without payload', { type: 'error', id: '1' }, 'operation', 'OperationError'],
    ['data: text', { type: 'data', id: '1', payload: 'BLAH' }, 'operation', 'ProtocolError'],
    ['data: {}', { type: 'data', id: '1', payload: {} }, 'operation', 'ProtocolError'],
    ['a binary frame', Uint8Array.of(1, 2, 3), 'connection', 'ProtocolError'],
  ];
  for (const [what, frame, damage, name] of variants) {
    it(`AE6 ${what} costs ${damage === 'none' ? 'nothing' : `the ${damage}`}`, async () => {
      const { server, socket } = await start({ script: faultyAnswer(frame, damage) });
      const seen = record(socket.query$(continentsQuery));
      await seen.ended;
      expect((seen.error as Error | undefined)?.name).to.equal(name);
      expect(seen.values).to.deep.equal(damage === 'none' ? [continents] : []);
      const next = await firstValueFrom(socket.query$(continentsQuery));
      expect(next).to.deep.equal(continents);
      expect(server.ledger.opened).to.have.length(damage === 'connection' ? 2 : 1);
    });
  }

  it('AE7 connecting fails when an operation is answered before the ack', async () => {
    const { server, socket } = await start({
      script: async (peer) => {
        await peer.read('connection_init');
        peer.send(completion('1'));
      },
    });
    const error = await failureOf(socket.query$(continentsQuery), 'ProtocolError');
    expect(error.frame).to.equal('{"id":"1","type":"complete"}');
    expect((await server.ledger.until('closed')).code).to.equal(4400);
  });

  it('AE8 connecting fails when the server closes at once', async () => {
    const { socket } = await start({
      script: (peer) => {
        peer.close();
      },
    });
    const error = await failureOf(socket.query$(continentsQuery), 'ConnectionClosedError');
    expect(error).to.include({ code: 1005, reason: '' });
    expect(await stateOf(socket)).to.equal('failed');
  });

  it('AE9 every operation fails with the code when the server closes after the ack', async () => {
    const { server, socket } = await start({
      script: async (peer) => {
        await acknowledge(peer);
        peer.close(1000, 'bye');
      },
    });
    for (const connection of [1, 2]) {
      const error = await failureOf(socket.query$(continentsQuery), 'ConnectionClosedError');
      expect(error).to.include({ code: 1000, reason: 'bye', wasClean: true });
      await server.ledger.until('closed', undefined, connection);
    }
    expect(server.ledger.opened).to.have.length(2);
  });

  it('AE10 an error for an operation that does not exist is ignored', async () => {
    const { server, socket } = await start({
      script: async (peer) => {
        await acknowledge(peer);
        peer.send({ type: 'error', id: '404', payload: { message: 'error for no one' } });
        await peer.read('connection_terminate');
      },
    });
    const unhandled = firstValueFrom(
      socket.events$.pipe(filter((event) => event.type === 'unhandled')),
    );
    const connections = record(socket.connection$);
    await unhandled;
    expect(connections).to.include({ outcome: 'running' });
    connections.unsubscribe();
    await server.finished();
    expect((await server.ledger.until('closed')).code).to.equal(1000);
  });

  it('AE11 two that connect at the same time get one connection', async () => {
    const { server, socket } = await start({ handle: () => [{ data: continents }] });
    const connection = () => firstValueFrom(socket.connection$);
    const [first, second] = await Promise.all([connection(), connection()]);
    expect(first).to.equal(second);
    const both$ = forkJoin([socket.query$('{ a }'), socket.query$('{ b }')]);
    expect(await lastValueFrom(both$)).to.deep.equal([continents, continents]);
    expect(server.ledger.upgrades).to.have.length(1);
  });
});
