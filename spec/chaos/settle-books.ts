import { setTimeout as sleep } from 'node:timers/promises';
import { balance, type Balance } from './balance.js';
import type { Feed } from './feed.js';
import type { ClientLine } from './log-line.js';

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
