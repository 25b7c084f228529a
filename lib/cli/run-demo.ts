import { graphqlSocket } from 'rx-graphql-ws';
import { ignoreElements, map, merge, tap, timer } from 'rxjs';
import { dexTradesSubscription, type DexTradesData } from './dex-trades.js';
import { formatTrade, tradeHeading } from './format-trade.js';
import { runSession } from './run-session.js';
import { startFeed } from './start-feed.js';
import type { Terminal } from './terminal.js';

/** ms, in a demo of 20 s. A shorter demo runs faster. */
const stallsAfter = 6_000;
const silence = 3_000;
const heartbeat = 1_000;

/**
 * Subscribes to a feed on this machine, which stalls after a while.
 *
 * @param seconds - the length of the demo
 * @returns the exit code: 1 if the stream did not go on after the stall
 */
export async function runDemo(seconds: number, terminal: Terminal): Promise<number> {
  const pace = Math.min(1, seconds / 20);
  const note = (line: string) => {
    terminal.print(`--- ${line}`);
  };
  const feed = await startFeed(heartbeat * pace);
  note(`a feed of invented Solana DEX trades at ${feed.url}?token=[redacted]`);
  terminal.print(tradeHeading);
  const socket = graphqlSocket({
    url: `${feed.url}?token=${feed.token}`,
    subprotocols: ['graphql-ws'],
    keepAliveTimeout: silence * pace,
    closeTimeout: 500,
  });
  const trades$ = socket.subscribe$<DexTradesData>(dexTradesSubscription).pipe(
    map(({ Solana: { DEXTrades } }) => {
      for (const trade of DEXTrades) terminal.print(formatTrade(trade));
      return DEXTrades.length;
    }),
  );
  const stall$ = timer(stallsAfter * pace).pipe(
    tap(() => {
      note('the server stalls: it stays connected, and neither sends nor reads any more');
      feed.stall();
    }),
    ignoreElements(),
  );
  const results$ = merge(trades$, stall$);
  const tally = await runSession({ socket, results$, noun: 'trade', seconds, note });
  await feed.stop();
  if (tally.end === 'interrupted' || tally.recovered) return 0;
  terminal.note('the stream did not go on after the stall');
  return 1;
}
