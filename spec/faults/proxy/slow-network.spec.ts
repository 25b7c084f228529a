import { expect } from 'chai';
import { describe, it } from 'mocha';
import { setTimeout as delayed } from 'node:timers/promises';
import type { GraphQLSocketConfig } from 'rx-graphql-ws';
import type { Toxic } from '../../helpers/faulty-proxy/toxic.js';
import { bandwidth, delay, drip, slice } from '../../helpers/faulty-proxy/toxics.js';
import { proxySeed, useFaultyProxy } from '../../helpers/faulty-proxy/use-faulty-proxy.js';
import { useCalm } from '../../helpers/net/use-calm.js';
import { useServer } from '../../helpers/use-server.js';
import { useSocket } from '../../helpers/use-socket.js';
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
