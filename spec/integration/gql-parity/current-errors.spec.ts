import { expect } from 'chai';
import { describe, it } from 'mocha';
import { firstValueFrom } from 'rxjs';
import { GRAPHQL_TRANSPORT_WS } from 'rx-graphql-ws';
import type { Frame } from 'rx-graphql-ws/testing/server';
import { failureOf } from '../../helpers/failure-of.js';
import { acknowledge, answering, completion, resultOf } from '../../helpers/parity/answering.js';
import { continents, continentsQuery } from '../../helpers/parity/continents.js';
import { faultyAnswer, type Damage } from '../../helpers/parity/faulty-answer.js';
import { record } from '../../helpers/parity/record.js';
import { stateOf } from '../../helpers/parity/state-of.js';
import { useParity } from '../../helpers/parity/use-parity.js';

describe('gql parity: errors, current protocol', () => {
  const start = useParity(GRAPHQL_TRANSPORT_WS);
  const errors = [
    {
      message: 'Cannot query field "bloh" on type "Continent".',
      locations: [{ line: 4, column: 5 }],
      extensions: { code: 'INTERNAL_SERVER_ERROR' },
    },
  ];

  it('GE1 a query fails with the errors of a result, as they were sent', async () => {
    const { socket } = await start({ script: answering(resultOf({ errors })) });
    const error = await failureOf(socket.query$('{ continents { bloh } }'), 'OperationError');
    expect(error.errors).to.deep.equal(errors);
    expect(error.errors[0]?.extensions?.code).to.equal('INTERNAL_SERVER_ERROR');
  });

  it('GE2 a subscription fails with the errors of a result, as they were sent', async () => {
    const { socket } = await start({ script: answering(resultOf({ errors })) });
    const seen = record(socket.subscribe$('subscription { bloh }'));
    await seen.ended;
    expect(seen.error).to.deep.include({ name: 'OperationError', errors });
    expect(seen.values).to.deep.equal([]);
  });

  it('GE3 connecting fails when no ack comes in time', async () => {
    const { server, socket } = await start({ ackDelay: false }, { ackTimeout: 30 });
    const error = await failureOf(socket.query$(continentsQuery), 'HandshakeError');
    expect(error).to.include({ kind: 'timeout' });
    expect(await server.ledger.until('closed')).to.include({ code: 1000 });
    expect(server.ledger.messages).to.deep.equal([{ type: 'connection_init' }]);
  });

  it('GE4 a refused query fails alone', async () => {
    const refusal = [{ message: 'Cannot query field "helo"', locations: [{ line: 2, column: 3 }] }];
    const { server, socket } = await start({
      script: faultyAnswer({ id: '1', type: 'error', payload: refusal }, 'operation'),
    });
    const error = await failureOf(socket.query$('{ helo }'), 'OperationError');
    expect(error.errors).to.deep.equal(refusal);
    expect(await firstValueFrom(socket.query$(continentsQuery))).to.deep.equal(continents);
    await server.ledger.until('closed', ({ code }) => code === 1000);
    expect(server.ledger.opened).to.have.length(1);
    expect(server.ledger.messages.map(({ type }) => type)).to.deep.equal([
      'connection_init',
      'subscribe',
      'subscribe',
    ]);
  });

  const variants: readonly (readonly [string, Frame, Damage, string?])[] = [
    ['text that is not JSON', 'BLAHBLAH', 'connection', 'ProtocolError'],
    ['an empty object', '{}', 'connection', 'ProtocolError'],
    ['next without id', { type: 'next', payload: { data: 1 } }, 'connection', 'ProtocolError'],
    ['error without id', { type: 'error', payload: [{ message: 'no' }] }, 'none'],
    ['complete without id', { type: 'complete' }, 'none'],
    ['next without payload', { type: 'next', id: '1' }, 'operation', 'ProtocolError'],
    ['error without payload', { type: 'error', id: '1' }, 'operation', 'OperationError'],
    ['next: text', { type: 'next', id: '1', payload: 'BLAH' }, 'operation', 'ProtocolError'],
    ['error: text', { type: 'error', id: '1', payload: 'BLAH' }, 'operation', 'OperationError'],
    ['next: {}', { type: 'next', id: '1', payload: {} }, 'operation', 'ProtocolError'],
    ['a binary frame', Uint8Array.of(1, 2, 3), 'connection', 'ProtocolError'],
  ];
  for (const [what, frame, damage, name] of variants) {
    it(`GE5 ${what} costs ${damage === 'none' ? 'nothing' : `the ${damage}`}`, async () => {
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

  it('GE6 connecting fails when an operation is answered before the ack', async () => {
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

  it('GE7 connecting fails when the server closes at once', async () => {
    const { socket } = await start({
      script: (peer) => {
        peer.close();
      },
    });
    const error = await failureOf(socket.query$(continentsQuery), 'ConnectionClosedError');
    expect(error).to.include({ code: 1005, reason: '' });
    expect(await stateOf(socket)).to.equal('failed');
  });

  it('GE8 every operation fails with the code when the server closes after the ack', async () => {
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
});
