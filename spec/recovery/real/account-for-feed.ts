import { graphqlSocket, type GraphQLSocket } from 'rx-graphql-ws';
import type { Gap } from 'rx-graphql-ws/recovery';
import { recover } from 'rx-graphql-ws/recovery';
import { lastValueFrom } from 'rxjs';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Account } from '../model/account.js';
import { account } from '../model/account.js';
import type { After, Row } from '../rows.js';
import type { FeedServer } from './feed-server.js';
import { startFeedServer } from './feed-server.js';
import { type Data, type RealWay, realWays, rowsOf, type Slowness } from './ways.js';

export const protocols = ['graphql-transport-ws', 'graphql-ws'] as const;

export interface FeedAccount extends Account {
  readonly way: string;
  readonly isExact: boolean;
  /** Connections of the socket object that were lost. */
  readonly losses: number;
}

/**
 * Follows one feed of a real server in all ways at once, each on a socket of its own, while the server drops connections for `ms`. Then waits until
 * all have caught up.
 */
export async function accountForFeed(
  protocol: (typeof protocols)[number],
  ms: number,
  slowness: Slowness,
): Promise<readonly FeedAccount[]> {
  const server = await startFeedServer(protocol);
  const followed = Object.entries(realWays(slowness)).map(([name, way]) =>
    follow(server, protocol, name, way),
  );
  await sleep(ms);
  server.calm();
  const goal = server.latest();
  await Promise.all(followed.map(({ reached }) => reached(goal)));
  const accounts = followed.map(({ end }) => end());
  await Promise.all(followed.map(({ closed }) => closed()));
  await server.stop();
  return accounts;
}

function follow(server: FeedServer, protocol: string, name: string, way: RealWay) {
  const socket: GraphQLSocket = graphqlSocket({
    url: server.url,
    subprotocols: [protocol],
    retry: { delay: 20 },
    closeTimeout: 200,
  });
  const items: (Row | Gap)[] = [];
  const errors: unknown[] = [];
  let losses = 0;
  socket.status$.subscribe(({ state }) => {
    if (state === 'waiting') losses += 1;
  });
  const query = 'subscription ($after: Int) { rows(after: $after) }';
  const subscription = recover<Data, After, Row>(
    socket,
    { query },
    { rows: rowsOf, ...way.options(server, socket) },
  ).subscribe({ next: (item) => items.push(item), error: (error: unknown) => errors.push(error) });
  return {
    async reached(goal: number) {
      const deadline = performance.now() + 15_000;
      while (account(items.slice(-50)).last < goal) {
        if (errors.length > 0) throw new Error(`${name} errored`, { cause: errors[0] });
        if (performance.now() > deadline) throw new Error(`${name} is stuck`);
        await sleep(20);
      }
    },
    end(): FeedAccount {
      subscription.unsubscribe();
      return { way: name, isExact: way.isExact, losses, ...account(items) };
    },
    closed() {
      socket.close();
      return lastValueFrom(socket.status$);
    },
  };
}

/** The faults in an account. */
export function faultsOf({ way, isExact, ...numbers }: FeedAccount): string[] {
  const { lost, unmarked, duplicated, outOfOrder, gaps, losses } = numbers;
  const wrong = { unmarked, duplicated, outOfOrder, ...(isExact && { lost, gaps }) };
  const faults = Object.entries(wrong).filter(([, count]) => count > 0);
  if (losses === 0) return [`${way}: no connection was lost`];
  return faults.map(([fault, count]) => `${way}: ${count} ${fault}`);
}
