import { graphqlTestServer, type FeedOptions } from 'rx-graphql-ws/testing/server';
import { badOperation, type Trade } from './client.js';
import { faults, type Fault } from './faults.js';
import type { LaneName, ServerState } from './lanes.js';

/** Invented trades, one in a block, and a block each `every` ms. A subscription with a block as `after` gets the trades behind it. */
export const inventTrades = (every: number): FeedOptions => ({
  ...{ every, field: 'trades', replay: true },
  row: (block, random, at): Trade => {
    const pair = `SMP${1 + Math.floor(random() * 12)}/wSMP`;
    const price = Math.round(1e4 * (150 + 5 * Math.sin(block / 40) + random())) / 1e4;
    return { block, time: new Date(at).toISOString(), pair, price };
  },
});

export type DemoServer = Awaited<ReturnType<typeof startServer>>;

/** A server like Bitquery's: the legacy protocol, tokens in the URL, a history over HTTP, and `stop` ignored. `pace` is the part of the usual time that everything takes. */
export async function startServer(every: number, seed: number, pace: number) {
  const server = await graphqlTestServer({
    ...{ subprotocols: ['graphql-ws'], tokens: true, ignoreStop: true, keepAlive: 1_000 * pace },
    ...{ seed, backfill: { latency: [20, 80] }, ledger: { history: false } },
    feed: inventTrades(every),
  });
  void server.ledger.entries$.forEach((entry) => {
    if (entry.type !== 'started' || entry.request.query !== badOperation) return;
    for (const peer of server.peers)
      if (peer.connection === entry.connection) peer.close(4400, 'cannot read this operation');
  });
  const strikes: Partial<Record<Fault, () => unknown>> = {
    'half-open': () => {
      const peers = server.peers;
      for (const peer of peers) peer.halfOpen();
      const reset = () => peers.forEach((peer) => peer.drop());
      setTimeout(reset, faults['half-open'].lasts * pace).unref();
    },
    restart: () => server.restart(faults.restart.lasts * pace),
    'token-expired': () => server.expireToken(),
  };
  let block = 0;
  const billed = (lane: LaneName) => {
    const peers = server.peers.filter(({ url }) => url.includes(`token=${lane}-`));
    const own = new Set(peers.map(({ connection }) => connection));
    return server.ledger.billed.filter(({ connection }) => own.has(connection)).length;
  };
  return {
    url: server.url,
    state: (): ServerState => {
      block = server.truth.sent({ from: block, to: Infinity }).at(-1) as number;
      return { block, billed: { naive: billed('naive'), ours: billed('ours') } };
    },
    /** Faults of the server; the others are the clients' acts. */
    strike: (fault: Fault): unknown => strikes[fault]?.(),
    stop: () => server.stop(),
  };
}
