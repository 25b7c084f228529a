import { expect } from 'chai';
import { describe, it } from 'mocha';
import { setTimeout as delayed } from 'node:timers/promises';
import type { GraphQLSocketConfig } from 'rx-graphql-ws';
import type { Toxic } from '../../helpers/faulty-proxy/toxic.js';
import {
  bandwidth,
  blackHole,
  delay,
  drip,
  slice,
  stall,
} from '../../helpers/faulty-proxy/toxics.js';
import { proxySeed, useFaultyProxy } from '../../helpers/faulty-proxy/use-faulty-proxy.js';
import { useCalm } from '../../helpers/net/use-calm.js';
import { useServer } from '../../helpers/use-server.js';
import { useSocket } from '../../helpers/use-socket.js';
import type { FaultyProxy } from '../../helpers/faulty-proxy/faulty-proxy.js';
import { followFeed, lostRanges } from './follow-feed.js';

interface Case {
  readonly name: string;
  readonly toxic: () => Toxic;
  /** ms between rows, and the bytes of one besides its number. */
  readonly feed: { readonly every: number; readonly padding: number };
  readonly config: Omit<GraphQLSocketConfig, 'url'>;
  readonly ms: number;
}

// each deadline is longer than the network is slow, and not by much
const cases: readonly Case[] = [
  {
    name: 'one-byte slices',
    toxic: () => slice(1),
    feed: { every: 10, padding: 100 },
    config: { pingInterval: 100, pongTimeout: 400, keepAliveTimeout: 500 },
    ms: 400,
  },
  {
    name: 'a latency of 300 ms, and a jitter of 200 ms',
    toxic: () => delay({ latency: 300, jitter: 200 }),
    feed: { every: 20, padding: 10 },
    config: { pingInterval: 400, pongTimeout: 1_400, keepAliveTimeout: 1_000 },
    ms: 1_500,
  },
  {
    name: '64 kbit/s, of which the feed wants 60 %',
    toxic: () => bandwidth(8_000),
    feed: { every: 400, padding: 1_900 },
    config: { pingInterval: 150, pongTimeout: 800, keepAliveTimeout: 1_200 },
    ms: 1_600,
  },
  {
    name: 'a byte in a millisecond',
    toxic: () => drip(1),
    feed: { every: 400, padding: 10 },
    config: { pingInterval: 300, pongTimeout: 1_200, keepAliveTimeout: 1_500 },
    ms: 800,
  },
];

const useConfig = useSocket();
const start = useFaultyProxy();
const serve = useServer();

useCalm();

describe(`a slow network (FAULTY_PROXY_SEED=${proxySeed})`, () => {
  const follow = async ({ name, toxic, feed, config, ms }: Case) => {
    const text = 'x'.repeat(feed.padding);
    const server = await serve({
      feed: { every: feed.every, row: (number) => ({ number, text }) },
    });
    const proxy = await start(server.url);
    proxy.up.add(toxic());
    proxy.down.add(toxic());
    const followed = followFeed(useConfig({ url: proxy.url, ...config }));
    await followed.more(1, 4_000);
    await delayed(ms);
    expect(followed.rows.length, name).to.be.above((ms / feed.every) * 0.5);
    expect(lostRanges(server, followed), name).to.deep.equal([]);
    const states = followed.statuses.map(({ status }) => status.state);
    expect(states, name).to.deep.equal(['idle', 'connecting', 'connected']);
    expect([proxy.accepted, server.ledger.counts.started], name).to.deep.equal([1, 1]);
  };

  // they have nothing to do with each other, and most of their time is waiting
  it(`loses no row and is no reason to reconnect: ${cases.map(({ name }) => name).join('; ')}`, async function () {
    this.timeout(10_000);
    await Promise.all(cases.map(follow));
  });
});

type Fault = (proxy: FaultyProxy) => readonly (() => void)[];

const down =
  (toxic: Toxic): Fault =>
  (proxy) => [proxy.down.add(toxic)];

const faults: readonly (readonly [string, Fault])[] = [
  ['both directions', (proxy) => [proxy.up.add(blackHole()), proxy.down.add(blackHole())]],
  ['a black hole on the way down', down(blackHole())],
  ['a frame of which one byte comes (C21)', down(stall({ at: 1 }))],
  ['a frame of which half comes (C21)', down(stall({ at: 30 }))],
  ['a byte each second (C22)', down(drip(1_000))],
];

// how long a verdict may take: the deadlines, a tenth of `keepAliveTimeout` for sampling, and a margin for this machine
const margin = 400;

const watches: readonly (readonly [string, Partial<GraphQLSocketConfig>, number])[] = [
  ['a ping', { pingInterval: 100, pongTimeout: 100 }, 200 + margin],
  ['keepAliveTimeout', { pingInterval: false, keepAliveTimeout: 200 }, 220 + margin],
];

useCalm();

describe('a network that goes silent', () => {
  for (const [index, [fault, begin]] of faults.entries())
    // the first by both, the others by one of them
    for (const [watch, config, limit] of index === 0 ? watches : [watches[index % 2]!])
      it(`is noticed by ${watch}, and the stream goes on when it has healed: ${fault}`, async () => {
        const server = await serve({ feed: { every: 10 } });
        const proxy = await start(server.url);
        const followed = followFeed(
          useConfig({ url: proxy.url, connectTimeout: 150, retry: { delay: 50 }, ...config }),
        );
        await followed.more(10);

        const removals = begin(proxy);
        expect(await followed.until('waiting'), 'noticed after').to.be.below(limit);
        const { status } = followed.statuses.find(({ status: { state } }) => state === 'waiting')!;
        expect(status).to.have.nested.property('error.name', 'SilentDisconnectError');
        for (const remove of removals) remove();

        await followed.more(10);
        expect(lostRanges(server, followed)).to.have.lengthOf(1);
        expect(followed.error).to.equal(undefined);
      });

  it('is noticed on the way up alone, when the server has nothing to say', async () => {
    const server = await serve({ feed: { every: 60_000 } });
    const proxy = await start(server.url);
    const socket = useConfig({ url: proxy.url, pingInterval: 200, pongTimeout: 200 });
    const followed = followFeed(socket);
    await server.ledger.until('started');
    const remove = proxy.up.add(blackHole());
    expect(await followed.until('waiting')).to.be.below(400 + margin);
    remove();
    await followed.until('connected');
  });

  it('is no death on the way up alone, while rows come', async () => {
    const server = await serve({ feed: { every: 10 } });
    const proxy = await start(server.url);
    const followed = followFeed(
      useConfig({ url: proxy.url, pingInterval: 50, pongTimeout: 100, keepAliveTimeout: 200 }),
    );
    await followed.more(5);
    proxy.up.add(blackHole());
    await followed.more(50);
    expect([proxy.accepted, lostRanges(server, followed)]).to.deep.equal([1, []]);
  });
});
