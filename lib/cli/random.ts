import { seededRandom } from 'rx-graphql-ws/testing/server';

/** A source of numbers that are the same for the same seed. */
export interface Random {
  /** From 0 to 1, 1 excluded. */
  next(): number;
  /** From `low` to `high`, `high` excluded. */
  between(low: number, high: number): number;
  /** A whole number from 0 to `count`, `count` excluded. */
  below(count: number): number;
  /** One of `items`, which are some. */
  pick<T>(items: readonly T[]): T;
  /** A text in Solana's alphabet (base58). */
  base58(length: number): string;
}

const alphabet = '123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz';

/**
 * The test server's random numbers, in the shapes that a feed wants.
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
