import { setTimeout as sleep } from 'node:timers/promises';
import { firstValueFrom, lastValueFrom, Subject } from 'rxjs';
import { graphqlSocket, type GraphQLSocket } from 'rx-graphql-ws';
import { type Gap, recover } from 'rx-graphql-ws/recovery';
import { renewing } from '../../../docs/examples/recovery/renewing.js';
import { account } from '../model/account.js';
import type { After, Row } from '../rows.js';
import type { FeedAccount, protocols } from './account-for-feed.js';
import { startFeedServer } from './feed-server.js';
import { type Data, realWays, rowsOf } from './ways.js';

const renewed = ['resume, inclusive', 'backfill at once', 'lagging backfill', 'a key'] as const;

/** Follows a feed while its socket is replaced by another one, `times` times, in each way. The losses of an account are the renewals. */
export async function accountForRenewals(
  protocol: (typeof protocols)[number],
  times: number,
): Promise<readonly FeedAccount[]> {
  const server = await startFeedServer(protocol, 50);
  server.calm();
  const ways = realWays({ lag: 200, latency: 0 });
  const follow = async (name: (typeof renewed)[number]): Promise<FeedAccount> => {
    const { isExact, options } = ways[name]!;
    const sockets: GraphQLSocket[] = [];
    const connect = () => {
      const connectionParams = { token: `token ${sockets.length}` };
      const socket = graphqlSocket({
        ...{ url: server.url, subprotocols: [protocol], connectionParams, closeTimeout: 200 },
      });
      sockets.push(socket);
      return socket;
    };
    const renew$ = new Subject<void>();
    const items: (Row | Gap)[] = [];
    const subscription = recover<Data, After, Row>(
      renewing(connect, renew$),
      { query: 'subscription ($after: Int) { rows(after: $after) }' },
      { rows: rowsOf, ...options(server, undefined as never) },
    ).subscribe((item) => items.push(item));
    // what is lost before the first row cannot be asked for
    while (items.length === 0) await sleep(10);
    for (let renewal = 1; renewal <= times; renewal += 1) {
      await sleep(30);
      renew$.next();
      await lastValueFrom(sockets.at(-2)!.status$);
      const { state } = await firstValueFrom(sockets.at(-1)!.status$);
      if (state !== 'connected') throw new Error(`the old socket had closed, the new was ${state}`);
    }
    const goal = server.latest();
    while (account(items.slice(-50)).last < goal) await sleep(20);
    subscription.unsubscribe();
    await lastValueFrom(sockets.at(-1)!.status$);
    return { way: name, isExact, losses: sockets.length - 1, ...account(items) };
  };
  try {
    return await Promise.all(renewed.map(follow));
  } finally {
    await server.stop();
  }
}
