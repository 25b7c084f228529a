import { expect } from 'chai';
import { createClient, type Client } from 'graphql-ws';
import { describe, it } from 'mocha';
import { setTimeout as delay } from 'node:timers/promises';
import { toGraphQLWsClient } from 'rx-graphql-ws/graphql-ws';
import { WebSocket } from 'ws';
import { eventually } from '../helpers/eventually.js';
import { attachGraphqlWs } from '../helpers/peers/graphql-ws-peer.js';
import { usePeer } from '../helpers/peers/real-peer.js';
import { useSocket } from '../helpers/use-socket.js';
import { recordingSink } from './sink.js';

const ticks = 'subscription { ticks }';
const done = { done: true, value: undefined };

/** The library itself is held to the same tests, because they would prove nothing if it failed them. */
for (const made of ['graphql-ws', 'rx-graphql-ws'])
  describe(`the client of graphql-ws, made by ${made}`, function () {
    this.timeout(10_000);
    const start = usePeer();
    const connect = useSocket();
    const setUp = async () => {
      const peer = await start(attachGraphqlWs);
      const { url } = peer;
      const client: Client =
        made === 'graphql-ws'
          ? createClient({ url, webSocketImpl: WebSocket, retryWait: () => delay(20) })
          : toGraphQLWsClient(connect({ url }));
      const run = (query: string) => {
        const { sink, ...recorded } = recordingSink();
        return { ...recorded, leave: client.subscribe({ query }, sink) };
      };
      return { peer, client, run };
    };

    it('runs a query: one result, and complete', async () => {
      const { run } = await setUp();
      const { calls, end } = run('{ hello }');
      await eventually(() => expect(end()).to.deep.equal(['complete']));
      expect(calls).to.deep.equal([['next', { data: { hello: ['hello world'] } }], ['complete']]);
    });

    it('runs a mutation', async () => {
      const { run } = await setUp();
      const { calls, end } = run('mutation { increment }');
      await eventually(() => expect(end()).to.deep.equal(['complete']));
      expect(calls[0]).to.deep.equal(['next', { data: { increment: 1 } }]);
    });

    it('takes variables, a name, and null for what is not given', async () => {
      const { client } = await setUp();
      const query = 'query Wrong { broken } query Hello($name: String!) { hello(name: $name) }';
      const { sink, results, end } = recordingSink();
      client.subscribe(
        { query, operationName: 'Hello', variables: { name: 'you' }, extensions: null },
        sink,
      );
      await eventually(() => expect(end()).to.deep.equal(['complete']));
      expect(results()).to.deep.equal([{ data: { hello: ['hello you'] } }]);
    });

    it('gives the errors of resolvers with the result', async () => {
      const { run } = await setUp();
      const { results, end } = run('{ broken }');
      await eventually(() => expect(end()).to.deep.equal(['complete']));
      expect(results()).to.have.nested.property('[0].data.broken', null);
      expect(results()).to.have.nested.property('[0].errors[0].message', 'the resolver failed');
    });

    for (const [why, query, message] of [
      ['is not valid', '{ nothing }', 'Cannot query field "nothing" on type "Query".'],
      ['fails', 'subscription { brokenIterator }', 'the iterator failed'],
    ] as const)
      it(`gives the errors of an operation that ${why} as an array, and does not complete it`, async () => {
        const { run } = await setUp();
        const { calls, end } = run(query);
        await eventually(() => expect(end()?.[0]).to.equal('error'));
        await delay(20);
        expect(calls.filter(([name]) => name !== 'next')).to.have.length(1);
        expect(end()?.[1]).to.be.an('array').with.nested.property('[0].message', message);
      });

    it('gives a final close as what has code, reason and wasClean', async () => {
      const { peer, run } = await setUp();
      const { results, end } = run(ticks);
      await eventually(() => expect(results()).to.not.be.empty);
      peer.close(4429, 'enough');
      await eventually(() => expect(end()?.[0]).to.equal('error'));
      const { code, reason, wasClean } = end()?.[1] as CloseEvent;
      expect({ code, reason, wasClean }).to.deep.equal({
        code: 4429,
        reason: 'enough',
        wasClean: true,
      });
    });

    it('leaves an operation: the server is told, and the sink is completed after the call', async () => {
      const { peer, run } = await setUp();
      const stays = run(ticks);
      const { calls, results, end, leave } = run(ticks);
      await eventually(() => expect(results()).to.not.be.empty);
      leave();
      leave();
      expect(end()).to.equal(undefined);
      const before = calls.length;
      await eventually(() => expect(peer.seen.open.get('ticks')).to.equal(1));
      expect(calls.slice(before)).to.deep.equal([['complete']]);
      const { length } = stays.results();
      await eventually(() => expect(stays.results()).to.have.length.greaterThan(length));
      expect(stays.end()).to.equal(undefined);
      expect(peer.upgrades).to.have.length(1);
      stays.leave();
    });

    it('leaves an operation before there is a connection', async () => {
      const { peer, run } = await setUp();
      const { calls, leave } = run(ticks);
      leave();
      await eventually(() => expect(calls).to.deep.equal([['complete']]));
      await eventually(() => expect(peer.connections).to.equal(0));
      expect(peer.seen.ids).to.deep.equal([]);
    });

    it('closes when the last operation has left, and opens for the next', async () => {
      const { peer, run } = await setUp();
      const first = run(ticks);
      await eventually(() => expect(first.results()).to.not.be.empty);
      first.leave();
      await eventually(() => expect(peer.connections).to.equal(0));
      const second = run(ticks);
      await eventually(() => expect(second.results()).to.not.be.empty);
      second.leave();
    });

    it('goes on through a restart of the server, with all operations', async () => {
      const { peer, run } = await setUp();
      const streams = [run(ticks), run(ticks), run(ticks)];
      const advance = async () => {
        const before = streams.map(({ results }) => results().length);
        await eventually(() => {
          streams.forEach(({ results }, index) => {
            expect(results()).to.have.length.greaterThan(before[index] ?? 0);
          });
        }, 3_000);
      };
      await advance();
      await peer.stop();
      await peer.start();
      await advance();
      for (const { end, leave } of streams) {
        expect(end()).to.equal(undefined);
        leave();
      }
    });

    it('tells listeners of a connection, its messages and its close, until they leave', async () => {
      const { peer, client, run } = await setUp();
      const told: string[] = [];
      const note =
        (name: string) =>
        (...given: unknown[]) =>
          void told.push([name, ...given.map((arg) => typeof arg)].join(' '));
      client.on('connecting', note('connecting'));
      client.on('opened', note('opened'));
      client.on('connected', note('connected'));
      const leaveMessages = client.on('message', ({ type }) => void told.push(`message ${type}`));
      client.on('closed', note('closed'));
      client.on('error', note('error'));
      const { end } = run('{ hello }');
      await eventually(() => expect(told).to.include('closed object'));
      expect(end()).to.deep.equal(['complete']);
      expect(told.filter((each) => !each.startsWith('message'))).to.deep.equal([
        'connecting boolean',
        'opened object',
        'connected object undefined boolean',
        'closed object',
      ]);
      expect(told.filter((each) => each.startsWith('message'))).to.deep.equal([
        'message connection_ack',
        'message next',
        'message complete',
      ]);
      told.length = 0;
      leaveMessages();
      run('{ hello }');
      await eventually(() => expect(told).to.include('closed object'));
      expect(told.join()).to.not.include('message');
      expect(peer.upgrades).to.have.length(2);
    });

    it('tells that a dial is a retry', async () => {
      const { peer, client, run } = await setUp();
      const told: unknown[] = [];
      client.on('connecting', (isRetry) => void told.push(['connecting', isRetry]));
      client.on(
        'connected',
        (_socket, _payload, wasRetry) => void told.push(['connected', wasRetry]),
      );
      const { results, leave } = run(ticks);
      await eventually(() => expect(results()).to.not.be.empty);
      peer.close(4205);
      await eventually(() => expect(told).to.have.length(4));
      expect(told).to.deep.equal([
        ['connecting', false],
        ['connected', false],
        ['connecting', true],
        ['connected', true],
      ]);
      leave();
    });

    it('tells of a dial that failed: an error, and a close with 1006', async () => {
      const { peer, client, run } = await setUp();
      await peer.stop();
      const told: unknown[] = [];
      client.on('error', (error) => void told.push(typeof error));
      client.on('closed', (event) => void told.push((event as CloseEvent).code));
      const { leave } = run(ticks);
      await eventually(() => expect(told).to.include.members(['object', 1006]));
      leave();
    });

    it('is disposed of: streams complete, and listeners hear of a close with 1000', async () => {
      const { peer, client, run } = await setUp();
      const told: number[] = [];
      client.on('closed', (event) => void told.push((event as CloseEvent).code));
      const { results, end } = run(ticks);
      await eventually(() => expect(results()).to.not.be.empty);
      await client.dispose();
      await eventually(() => expect(told).to.deep.equal([1000]));
      expect(end()).to.deep.equal(['complete']);
      expect(peer.upgrades).to.have.length(1);
    });

    it('terminates the connection, and goes on with the next', async () => {
      const { peer, client, run } = await setUp();
      const closed: unknown[] = [];
      client.on('closed', (event) => void closed.push((event as CloseEvent).code));
      const { results, end, leave } = run(ticks);
      await eventually(() => expect(results()).to.not.be.empty);
      client.terminate();
      expect(closed).to.deep.equal([4499]);
      await eventually(() => expect(peer.upgrades).to.have.length(2));
      const { length } = results();
      await eventually(() => expect(results()).to.have.length.greaterThan(length));
      expect(end()).to.equal(undefined);
      leave();
    });

    describe('iterates', () => {
      it('over the result of a query', async () => {
        const { client } = await setUp();
        const iterator = client.iterate({ query: '{ hello }' });
        const value = { data: { hello: ['hello world'] } };
        expect(await iterator.next()).to.deep.equal({ done: false, value });
        expect(await iterator.next()).to.deep.equal(done);
        expect(await iterator.next()).to.deep.equal(done);
      });

      it('over the results of a subscription, also those that came before they were asked for', async () => {
        const { peer, client } = await setUp();
        const iterator = client.iterate<{ countdown: number }>({
          query: 'subscription { countdown(from: 3) }',
        });
        await eventually(() => expect(peer.seen.open.get('countdown')).to.equal(0));
        await delay(20);
        const seen: unknown[] = [];
        for await (const { data } of iterator) seen.push(data?.countdown);
        expect(seen).to.deep.equal([3, 2, 1, 0]);
      });

      it('for several who ask at once', async () => {
        const { client } = await setUp();
        const iterator = client.iterate<{ countdown: number }>({
          query: 'subscription { countdown(from: 1) }',
        });
        const all = await Promise.all([iterator.next(), iterator.next(), iterator.next()]);
        expect(
          all.map(({ value }) => (value as { data?: unknown } | undefined)?.data),
        ).to.deep.equal([{ countdown: 1 }, { countdown: 0 }, undefined]);
        expect(all.at(-1)).to.deep.equal(done);
      });

      it('and throws the errors of the operation once, behind the results', async () => {
        const { client } = await setUp();
        const iterator = client.iterate({ query: 'subscription { brokenIterator }' });
        expect(await iterator.next()).to.deep.equal({
          done: false,
          value: { data: { brokenIterator: 1 } },
        });
        const failure = await iterator.next().catch((error: unknown) => error);
        expect(failure)
          .to.be.an('array')
          .with.nested.property('[0].message')
          .that.includes('the iterator failed');
        expect(await iterator.next()).to.deep.equal(done);
      });

      it('and throws what ended the connection', async () => {
        const { peer, client } = await setUp();
        const iterator = client.iterate({ query: ticks });
        await iterator.next();
        peer.close(4429, 'enough');
        const failure = await drain(iterator).catch((error: unknown) => error);
        expect(failure).to.include({ code: 4429, reason: 'enough' });
      });

      for (const [how, body] of [
        ['breaks', () => undefined],
        [
          'throws',
          () => {
            throw new Error('enough');
          },
        ],
      ] as const)
        it(`until the loop ${how}: the server is told`, async () => {
          const { peer, client } = await setUp();
          const loop = async () => {
            for await (const result of client.iterate({ query: ticks })) {
              expect(result).to.have.property('data');
              body();
              break;
            }
          };
          await loop().catch((error: unknown) => expect(error).to.include({ message: 'enough' }));
          await eventually(() => expect(peer.connections).to.equal(0));
          await eventually(() => expect(peer.seen.open.get('ticks')).to.equal(0));
        });

      it('until `return`, also while a result is waited for', async () => {
        const { peer, client } = await setUp();
        const iterator = client.iterate({ query: '{ slow(ms: 5000) }' });
        const waiting = iterator.next();
        await eventually(() => expect(peer.seen.calls.get('slow')).to.equal(1));
        expect(await iterator.return?.()).to.deep.equal(done);
        expect(await waiting).to.deep.equal(done);
        expect(await iterator.next()).to.deep.equal(done);
        await eventually(() => expect(peer.connections).to.equal(0));
      });

      it('until `throw`: the next call fails with the error, and then it is over', async () => {
        const { client } = await setUp();
        const iterator = client.iterate({ query: '{ slow(ms: 5000) }' });
        const waiting = iterator.next().catch((error: unknown) => error);
        const error = new Error('given');
        expect(await iterator.throw?.(error)).to.deep.equal(done);
        expect(await waiting).to.equal(error);
        expect(await iterator.next()).to.deep.equal(done);
        await client.dispose();
      });
    });
  });

async function drain(iterator: AsyncIterable<unknown>): Promise<void> {
  for await (const result of iterator) expect(result).to.have.property('data');
}
