import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { GraphQLTestServer } from 'rx-graphql-ws/testing/server';
import { example } from './workspace.js';

/** The two servers of the example. Their ports stay. */
export interface Feeds {
  readonly trades: GraphQLTestServer;
  readonly prices: GraphQLTestServer;
  /** Nothing listens any more. */
  down(): Promise<void>;
  up(): Promise<void>;
  /** How many sockets and operations the servers have now, and how many sockets were dialled and operations begun since the start. */
  counts(): Readonly<Record<'sockets' | 'operations' | 'dialled' | 'started', number>>;
}

export async function startFeeds(): Promise<Feeds> {
  const { startTrades, startPrices } = (await import(
    pathToFileURL(resolve(example, 'feed.mjs')).href
  )) as Record<'startTrades' | 'startPrices', (port: number) => Promise<GraphQLTestServer>>;
  const [trades, prices] = await Promise.all([startTrades(0), startPrices(0)]);
  const servers = [trades, prices];
  const sum = (count: (server: GraphQLTestServer) => number) =>
    servers.map(count).reduce((one, other) => one + other);
  return {
    ...{ trades, prices },
    async down() {
      for (const server of servers) await server.stop();
    },
    async up() {
      for (const server of servers) await server.start();
    },
    counts: () => ({
      sockets: sum(({ ledger }) => ledger.sockets.length),
      operations: sum(({ ledger }) => ledger.operations.length),
      dialled: sum(({ ledger }) => ledger.counts.upgrade),
      started: sum(({ ledger }) => ledger.counts.started),
    }),
  };
}
