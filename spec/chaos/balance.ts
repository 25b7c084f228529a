import { setTimeout as sleep } from 'node:timers/promises';
import type { Feed } from './feed.js';
import type { ClientEvent, ClientLine, ServerLine } from './log-line.js';

/** What became of the subscriptions that a server got. */
export interface Balance {
  readonly subscribed: number;
  /** Ended by the client. */
  readonly completed: number;
  /** Ended with their socket. */
  readonly closed: number;
  /** Ended with the server's process. */
  readonly killed: number;
  /** Live after all clients have gone. */
  readonly orphaned: number;
  /** More than one of a client on one connection, or one that was never sent, or sent once and got twice. */
  readonly double: readonly string[];
}

/**
 * Balances the books of a server.
 *
 * @param ledgers - of each of its processes, the one that still runs last
 * @param sent - the subscriptions that clients sent, with the names of the clients
 */
export function balance(
  ledgers: readonly (readonly ServerLine[])[],
  sent: readonly (readonly [client: string, event: ClientEvent])[],
): Balance {
  const result = { subscribed: 0, completed: 0, closed: 0, killed: 0, orphaned: 0 };
  const double: string[] = [];
  const known = new Set(sent.map(([client, { id }]) => `${client}/${id}`));
  const got = new Set<string>();
  for (const [index, ledger] of ledgers.entries()) {
    const live = new Map<string, 'running' | 'stopped'>();
    const onConnection = new Set<string>();
    for (const line of ledger) {
      if (line.type === 'listening') continue;
      const key = `${line.connection}/${line.id}`;
      if (line.type === 'stopped' && live.has(key)) live.set(key, 'stopped');
      if (line.type === 'ended') {
        result[live.get(key) === 'stopped' ? 'completed' : 'closed'] += 1;
        live.delete(key);
      }
      if (line.type !== 'started') continue;
      result.subscribed += 1;
      live.set(key, 'running');
      const operation = `${line.client}/${line.id}`;
      const place = `${line.connection}/${line.client}`;
      if (!known.has(operation) || got.has(operation) || onConnection.has(place)) {
        double.push(operation);
      }
      got.add(operation);
      onConnection.add(place);
    }
    result[index === ledgers.length - 1 ? 'orphaned' : 'killed'] += live.size;
  }
  return { ...result, double };
}

/** Balances the books, and waits up to 20 s for them: a server learns that a half-open client has gone when it sends to it again. */
export async function settleBooks(feed: Feed, lines: readonly ClientLine[]): Promise<Balance> {
  const sent = lines.flatMap((line) =>
    line.type === 'event' && line.message === 'subscribe' ? [[line.client, line] as const] : [],
  );
  for (let second = 0; ; second += 1) {
    const books = balance(feed.ledgers(), sent);
    if (books.orphaned === 0 || second === 20) return books;
    await sleep(1_000);
  }
}
