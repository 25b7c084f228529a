import { seededRandom } from 'rx-graphql-ws/testing/server';

/** A source of random numbers. The same seed gives the same numbers. */
export interface Random {
  /** From 0 to 1, without 1. */
  next(): number;
  /** From `low` to `high`, without `high`. */
  between(low: number, high: number): number;
  /** A whole number from 0 to `count`, without `count`. */
  below(count: number): number;
  /** One of `items`, which must not be empty. */
  pick<T>(items: readonly T[]): T;
  /** A text in Solana's alphabet (base58). */
  base58(length: number): string;
}

const alphabet = '123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz';

/**
 * Creates random values for a feed from the numbers of the test server.
 *
 * @param seed - a 32-bit integer
 */
export function createRandom(seed: number): Random {
  const next = seededRandom(seed);
  const below = (count: number) => Math.floor(next() * count);
  return {
    next,
    between: (low, high) => low + next() * (high - low),
    below,
    pick: <T>(items: readonly T[]) => items[below(items.length)] as T,
    base58: (length) => Array.from({ length }, () => alphabet[below(58)]).join(''),
  };
}
