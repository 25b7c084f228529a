import { graphqlTestServer } from 'rx-graphql-ws/testing/server';
import { asyncScheduler, interval, map, share } from 'rxjs';
import { solanaTrades } from './solana-trades.js';

/** A feed of trades, in the manner of Bitquery's. */
export interface Feed {
  readonly url: string;
  /** What it wants as `token` in the URL's query. */
  readonly token: string;
  /** Makes the connections half-open. */
  stall(): void;
  stop(): Promise<void>;
}

/** ms between two results: the time of a slot. */
const cadence = 400;
const token = 'demo';

/**
 * Starts a server on this machine that speaks the legacy protocol, wants its token in the URL, and ignores `stop`.
 *
 * @param keepAlive - ms between its heartbeats
 */
export async function startFeed(keepAlive: number): Promise<Feed> {
  const portions = solanaTrades(42, asyncScheduler.now());
  // Shared: what happens while a client is away has happened.
  const results$ = interval(cadence).pipe(
    map(() => ({ data: portions.next().value })),
    share(),
  );
  const server = await graphqlTestServer({
    subprotocols: ['graphql-ws'],
    authorize: ({ url }) => new URLSearchParams(url.split('?')[1]).get('token') === token,
    handle: () => results$,
    ignoreStop: true,
    keepAlive,
  });
  return {
    url: server.url,
    token,
    stall: () => {
      server.stall();
    },
    stop: () => server.stop(),
  };
}
