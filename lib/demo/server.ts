import { graphqlTestServer } from 'rx-graphql-ws/testing/server';
import { badOperation } from './client.js';
import { faults, type Fault } from './faults.js';
import { inventTrades } from './feed.js';
import type { LaneName, ServerState } from './lanes.js';

export type DemoServer = Awaited<ReturnType<typeof startServer>>;

/**
 * A server like Bitquery's: the legacy protocol, tokens in the URL, a history over HTTP, and `stop` ignored.
 *
 * @param every - ms between two blocks
 * @param seed - of the trades
 * @param pace - the part of the usual time that everything takes
 */
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
