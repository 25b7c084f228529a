/**
 * Makes a source of random numbers from 0 to 1, 1 excluded, which are the same for the same seed (mulberry32).
 * @param seed - an integer; its lowest 32 bits count
 * @example
 * ```ts
 * const random = seededRandom(7);
 * const wait = 10 + 90 * random();
 * ```
 */
export function seededRandom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
