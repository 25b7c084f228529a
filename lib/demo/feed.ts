import type { FeedOptions } from 'rx-graphql-ws/testing/server';
import type { Trade } from './client.js';

/** Invented trades, one in a block, and a block each `every` ms. A subscription with a block as `after` gets the trades behind it. */
export const inventTrades = (every: number): FeedOptions => ({
  ...{ every, field: 'trades', replay: true },
  row: (block, random, at): Trade => {
    const pair = `SMP${1 + Math.floor(random() * 12)}/wSMP`;
    const price = Math.round(1e4 * (150 + 5 * Math.sin(block / 40) + random())) / 1e4;
    return { block, time: new Date(at).toISOString(), pair, price };
  },
});
