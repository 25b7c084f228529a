import { graphqlTestServer } from 'rx-graphql-ws/testing/server';
import { asyncScheduler, interval, map, share } from 'rxjs';
import { solanaTrades } from './solana-trades.js';

/** A feed of trades, similar to Bitquery. */
export interface Feed {
  readonly url: string;
  /** The `token` for the query of the URL. */
  readonly token: string;
  /** Makes the connections half-open. */
  stall(): void;
  stop(): Promise<void>;
}

/** ms between two results: the time of a slot. */
const cadence = 400;
const token = 'demo';

/**
 * Starts a server on this machine. It speaks the legacy protocol, requires its token in the URL, and ignores `stop`.
 *
 * @param keepAlive - ms between heartbeats
 */
export async function startFeed(keepAlive: number): Promise<Feed> {
  const portions = solanaTrades(42, asyncScheduler.now());
  // shared, because trades happen while the client is away
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
