import type { FeedOptions } from 'rx-graphql-ws/testing/server';

const symbols = ['SOL', 'ETH', 'BTC', 'BONK', 'JUP'];

/**
 * A feed of invented trades, each with a number. A subscription with the number of a trade as `after` gets the trades behind it.
 *
 * @param every - ms between two trades
 */
export function serveFeed(every: number): FeedOptions {
  return {
    every,
    field: 'trades',
    replay: true,
    row: (number, random, at) => ({
      number,
      time: new Date(at).toISOString(),
      symbol: symbols[Math.floor(random() * symbols.length)],
      price: Number((10 + 190 * random()).toFixed(4)),
      amount: Number((100 * random()).toFixed(3)),
    }),
  };
}
