import { setTimeout as delay } from 'node:timers/promises';
import { expect } from 'chai';
import { describe, it } from 'mocha';
import { firstValueFrom, forkJoin, lastValueFrom } from 'rxjs';
import { SUBSCRIPTIONS_TRANSPORT_WS } from 'rx-graphql-ws';
import type { GraphQLTestServer, Peer } from 'rx-graphql-ws/testing/server';
import { failureOf } from '../../helpers/failure-of.js';
import { acknowledge, answering, completion, resultOf } from '../../helpers/parity/answering.js';
import { continents, continentsQuery } from '../../helpers/parity/continents.js';
import { record } from '../../helpers/parity/record.js';
import { stateOf } from '../../helpers/parity/state-of.js';
import { useParity } from '../../helpers/parity/use-parity.js';

describe('gql parity: queries, legacy protocol', () => {
  const start = useParity(SUBSCRIPTIONS_TRANSPORT_WS);
  const answer = resultOf({ data: continents });
  const answerOne = async (peer: Peer) => {
    const { id } = await peer.read('start');
    peer.send(answer(id, peer), completion(id));
  };

  it('AQ4 a query has its result, and nothing more is sent than needs be', async () => {
    const { server, socket } = await start({ script: answering(answer) });
    const seen = record(socket.query$(continentsQuery));
    await seen.ended;
    expect(seen.values).to.deep.equal([continents]);
    expect(seen.outcome).to.equal('completed');
    await server.finished();
    const closed = await server.ledger.until('closed');
    expect(closed.code).to.equal(1000);
    expect(server.ledger.frames.map(({ frame }) => frame)).to.deep.equal([
      '{"type":"connection_init"}',
      JSON.stringify({ type: 'start', id: '1', payload: { query: continentsQuery } }),
      '{"type":"connection_terminate"}',
    ]);
  });

  it('AQ5 two queries in series share a connection and have ids 1 and 2', async () => {
    const { server, socket } = await start({ script: answering(answer, answer) });
    const first = await firstValueFrom(socket.query$(continentsQuery));
    const second = await firstValueFrom(socket.query$(continentsQuery));
    expect([first, second]).to.deep.equal([continents, continents]);
    await server.finished();
    const starts = server.ledger.messages.filter(({ type }) => type === 'start');
    expect(starts.map(({ id }) => id)).to.deep.equal(['1', '2']);
    expect(server.ledger.opened).to.have.length(1);
  });

  it('AQ6 two queries in parallel have each its own result', async () => {
    const { server, socket } = await start({
      script: async (peer) => {
        await acknowledge(peer);
        const [first, second] = [await peer.read('start'), await peer.read('start')];
        for (const { id, payload } of [first, second]) {
          peer.send({ id, type: 'data', payload: { data: payload } });
        }
        peer.send(completion(first.id), completion(second.id));
        await peer.read('connection_terminate');
      },
    });
    const both$ = forkJoin([socket.query$('{ a }'), socket.query$('{ b }')]);
    expect(await lastValueFrom(both$)).to.deep.equal([{ query: '{ a }' }, { query: '{ b }' }]);
    await server.finished();
    expect(server.ledger.opened).to.have.length(1);
  });

  describe('AQ7 after the server has closed behind the first query', () => {
    const script = async (peer: Peer) => {
      await acknowledge(peer);
      await answerOne(peer);
      await delay(1);
      peer.close(1000);
    };
    const kept = { linger: 1_000 };
    const untilClosed = async ({ ledger }: GraphQLTestServer) => {
      await ledger.until('closed');
      expect(ledger.messages.map(({ type }) => type)).to.deep.equal(['connection_init', 'start']);
    };

    it('AQ7 a second query dials again', async () => {
      const { server, socket } = await start({ script }, kept);
      expect(await firstValueFrom(socket.query$(continentsQuery))).to.deep.equal(continents);
      await untilClosed(server);
      await delay(10);
      expect(await firstValueFrom(socket.query$(continentsQuery))).to.deep.equal(continents);
      expect(server.ledger.opened).to.have.length(2);
    });

    it('AQ7 a second query fails at once where nothing listens any more', async () => {
      const { server, socket } = await start({ script }, kept);
      expect(await firstValueFrom(socket.query$(continentsQuery))).to.deep.equal(continents);
      await untilClosed(server);
      await server.stop();
      const error = await failureOf(socket.query$(continentsQuery), 'ConnectionError');
      expect(error.cause).to.include({ code: 'ECONNREFUSED' });
    });
  });

  it('AQ8 an unknown id is ignored, and a completion without a result fails its own query', async () => {
    const { server, socket } = await start({
      script: answering(answer, () => completion('55'), answer),
    });
    expect(await firstValueFrom(socket.query$(continentsQuery))).to.deep.equal(continents);
    const error = await failureOf(socket.query$(continentsQuery), 'OperationError');
    expect(error.errors).to.deep.equal([{ message: 'completed without a result' }]);
    expect(await firstValueFrom(socket.query$(continentsQuery))).to.deep.equal(continents);
    await server.finished();
    expect(server.ledger.opened).to.have.length(1);
  });

  describe('authentication in connection_init', () => {
    const script = async (peer: Peer) => {
      const { payload } = await peer.read('connection_init');
      const token = (payload as { Authorization?: unknown } | undefined)?.Authorization;
      if (token === 12345) {
        peer.send({ type: 'connection_ack' });
        await answerOne(peer);
      } else {
        const message = `${token === undefined ? 'No' : 'Invalid'} Authorization token`;
        peer.send({ type: 'connection_error', payload: message });
        peer.close();
      }
    };

    it('AQ12 a query works with the right connectionParams', async () => {
      const connectionParams = { Authorization: 12345 };
      const { server, socket } = await start({ script }, { connectionParams });
      expect(await firstValueFrom(socket.query$(continentsQuery))).to.deep.equal(continents);
      const [init] = server.ledger.messages;
      expect(init).to.deep.equal({ type: 'connection_init', payload: { Authorization: 12345 } });
    });

    for (const [what, connectionParams, payload] of [
      ['none', undefined, 'No Authorization token'],
      ['an empty one', {}, 'No Authorization token'],
      ['a wrong one', { Authorization: 'wrong' }, 'Invalid Authorization token'],
    ] as const) {
      it(`AQ13 connecting fails with the server's payload: ${what}`, async () => {
        const { server, socket } = await start({ script }, { connectionParams });
        const error = await failureOf(socket.query$(continentsQuery), 'HandshakeError');
        expect(error).to.include({ kind: 'rejected', payload });
        expect(error.message).to.contain(payload);
        expect(await stateOf(socket)).to.equal('failed');
        expect(server.ledger.messages).to.have.length(1);
        expect('payload' in server.ledger.messages[0]!).to.equal(connectionParams !== undefined);
      });
    }
  });

  it('AQ16 keep-alives before the ack are ignored', async () => {
    const { socket } = await start({
      script: async (peer) => {
        const ka = { type: 'ka' };
        peer.send(ka, ka, ka, ka);
        await acknowledge(peer);
        await answerOne(peer);
      },
    });
    expect(await lastValueFrom(socket.query$(continentsQuery))).to.deep.equal(continents);
  });

  it('AQ18 execute$ emits the whole result, extensions too', async () => {
    const payload = { data: continents, extensions: { key1: 'val1' } };
    const { socket } = await start({ script: answering(resultOf(payload)) });
    expect(await firstValueFrom(socket.execute$(continentsQuery))).to.deep.equal(payload);
  });
});
