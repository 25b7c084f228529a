import { expect } from 'chai';
import { afterEach, beforeEach, describe, it } from 'mocha';
import { setTimeout as delay } from 'node:timers/promises';
import { first, lastValueFrom, take, toArray } from 'rxjs';
import type { GraphQLSocket, GraphQLSocketError } from 'rx-graphql-ws';
import { eventually } from '../helpers/eventually.js';
import { failureOf } from '../helpers/failure-of.js';
import { useSocket } from '../helpers/use-socket.js';
import { graphqlWs4, mercuriusServer, nest, type Peer, type PeerOptions, yoga } from './servers.js';

type Start = (options?: PeerOptions) => Promise<Peer>;

interface Expected {
  readonly start: Start;
  readonly protocol: 'graphql-transport-ws' | 'graphql-ws';
  readonly subprotocols?: readonly string[];
  /** The name of the error of an operation that is no GraphQL. */
  readonly syntaxError: string;
}

const peers: Record<string, Expected> = {
  Yoga: { start: yoga, protocol: 'graphql-transport-ws', syntaxError: 'ConnectionClosedError' },
  mercurius: {
    start: mercuriusServer,
    protocol: 'graphql-transport-ws',
    syntaxError: 'OperationError',
  },
  'mercurius, legacy': {
    start: mercuriusServer,
    protocol: 'graphql-ws',
    subprotocols: ['graphql-ws'],
    syntaxError: 'OperationError',
  },
  'graphql-ws 4': {
    start: graphqlWs4,
    protocol: 'graphql-transport-ws',
    syntaxError: 'ConnectionClosedError',
  },
  Nest: {
    start: nest('graphql-ws'),
    protocol: 'graphql-transport-ws',
    syntaxError: 'ConnectionClosedError',
  },
  'Nest, legacy': {
    start: nest('subscriptions-transport-ws'),
    protocol: 'graphql-ws',
    syntaxError: 'OperationError',
  },
};

const ticks = (name: string) => `subscription { ticks(name: "${name}") }`;

function follow(socket: GraphQLSocket, query: string) {
  const followed = {
    values: 0,
    error: undefined as GraphQLSocketError | undefined,
    leave: (): void => undefined,
  };
  const subscription = socket.subscribe$(query).subscribe({
    next: () => (followed.values += 1),
    error: (error: GraphQLSocketError) => (followed.error = error),
  });
  followed.leave = () => {
    subscription.unsubscribe();
  };
  return followed;
}

for (const [name, { start, protocol, subprotocols, syntaxError }] of Object.entries(peers))
  describe(`${name} as a server`, function () {
    this.timeout(20_000);
    const connect = useSocket();
    const running: Peer[] = [];
    const begin = async (options?: PeerOptions) => {
      const peer = await start(options);
      running.push(peer);
      return peer;
    };
    const socketTo = ({ url }: Peer, config = {}) =>
      connect({ url, ...(subprotocols && { subprotocols }), ...config });
    const { error: report } = console;
    beforeEach(() => {
      // graphql-ws reports what hooks throw
      console.error = () => undefined;
    });
    afterEach(async () => {
      console.error = report;
      for (const peer of running.splice(0)) await peer.stop();
    });

    it('answers a query, a mutation and a subscription that ends', async () => {
      const socket = socketTo(await begin());
      expect(await lastValueFrom(socket.query$('{ hello }'))).to.deep.equal({ hello: 'world' });
      expect(await lastValueFrom(socket.mutate$('mutation { add(by: 2) }'))).to.deep.equal({
        add: 2,
      });
      const three = socket.subscribe$<{ three: number }>('subscription { three }');
      expect(await lastValueFrom(three.pipe(toArray()))).to.deep.equal(
        [1, 2, 3].map((value) => ({ three: value })),
      );
      const idle = socket.status$.pipe(first(({ state }) => state === 'idle'));
      await lastValueFrom(idle);
    });

    it('tells the errors of a resolver and of a field that is not there', async () => {
      const socket = socketTo(await begin());
      const failed = await failureOf(socket.query$('{ fails }'), 'OperationError');
      // Yoga masks the errors of resolvers
      expect(failed.message).to.match(/the resolver failed|Unexpected error/);
      expect(failed.errors[0]?.path).to.deep.equal(['fails']);
      const unknown = await failureOf(
        socket.subscribe$('subscription { nothing }'),
        'OperationError',
      );
      expect(unknown.message).to.include('nothing');
    });

    it('is told of an unsubscribe, and ends the stream', async () => {
      const peer = await begin();
      const socket = socketTo(peer);
      const kept = follow(socket, ticks('kept'));
      const left = follow(socket, ticks('left'));
      await eventually(() => expect(left.values).to.be.greaterThan(1), 5_000);
      const { dials } = peer;
      left.leave();
      await eventually(() => expect(peer.running.get('left')).to.equal(0), 5_000);
      const before = kept.values;
      await eventually(() => expect(kept.values).to.be.greaterThan(before), 5_000);
      expect(peer.dials).to.equal(dials);
    });

    it('harms no neighbour of an operation that is no GraphQL', async () => {
      const peer = await begin();
      const socket = socketTo(peer);
      const streams = ['a', 'b', 'c'].map((of) => follow(socket, ticks(of)));
      const culprit = follow(socket, 'subscription {');
      await eventually(() => expect(culprit.error).to.include({ name: syntaxError }), 10_000);
      const before = streams.map(({ values }) => values);
      await eventually(() => {
        streams.forEach(({ values }, index) => {
          expect(values).to.be.greaterThan(before[index] ?? 0);
        });
      }, 5_000);
      for (const { error } of streams) expect(error).to.equal(undefined);
      await eventually(() => expect(peer.running.get('a')).to.equal(1), 5_000);
    });

    it('gets every operation again after its sockets dropped', async () => {
      const peer = await begin();
      const socket = socketTo(peer);
      const streams = ['a', 'b', 'c'].map((of) => follow(socket, ticks(of)));
      await eventually(() => expect(streams[0]?.values).to.be.greaterThan(0), 5_000);
      const { dials } = peer;
      for (let drop = 1; drop <= 3; drop += 1) {
        const before = streams.map(({ values }) => values);
        await eventually(() => {
          streams.forEach(({ values }, index) => {
            expect(values).to.be.greaterThan(before[index] ?? 0);
          });
        }, 8_000);
        peer.drop();
      }
      await eventually(() => expect(peer.dials).to.equal(dials + 3), 8_000);
      for (const { error } of streams) expect(error).to.equal(undefined);
    });

    it('lives through pings beside a stream, and needs no more dials than it takes to learn', async () => {
      const peer = await begin();
      const socket = socketTo(peer, {
        pingInterval: 100,
        pongTimeout: 400,
        keepAliveTimeout: 2_000,
      });
      const stream = follow(socket, ticks('a'));
      await delay(3_000);
      const { dials } = peer;
      const before = stream.values;
      await delay(1_500);
      expect(stream.values).to.be.greaterThan(before + 20);
      expect(stream.error).to.equal(undefined);
      expect(peer.dials).to.equal(dials);
      expect(await lastValueFrom(socket.connection$.pipe(take(1)))).to.include({
        subprotocol: protocol,
      });
    });

    it('blames no quiet operation for pings', async () => {
      const peer = await begin();
      const socket = socketTo(peer, { pingInterval: 100, pongTimeout: 400 });
      const quiet = ['a', 'b'].map((of) => follow(socket, `subscription { quiet(name: "${of}") }`));
      await delay(3_000);
      const { dials } = peer;
      expect(dials).to.be.at.most(3);
      await delay(1_500);
      expect(peer.dials).to.equal(dials);
      for (const { error } of quiet) expect(error).to.equal(undefined);
      expect([...peer.running]).to.deep.equal([
        ['a', 1],
        ['b', 1],
      ]);
    });

    it('says why it refuses, at last', async () => {
      const peer = await begin({
        onConnect() {
          throw new Error('token expired');
        },
      });
      const socket = socketTo(peer, { retry: { delay: 1_600 } });
      const error = await failureOf(socket.subscribe$(ticks('a')), 'HandshakeError');
      expect(error).to.include({ kind: 'rejected' });
      expect(error.message).to.match(/token expired|Forbidden/);
    });
  });
