import { readNumber } from '../helpers/read-number.js';

/** From the environment: `FUZZ_MS`, `FUZZ_SEED`, and `FUZZ_PATH` of a failure to be seen again. */
export interface FuzzOptions {
  readonly ms: number;
  readonly seed: number;
  readonly path: string | undefined;
}

/** @throws Error - a value that is wrong */
export function fuzzOptions(ms: number): FuzzOptions {
  const { FUZZ_MS, FUZZ_SEED, FUZZ_PATH } = process.env;
  const anySeed = Math.floor(Math.random() * 2 ** 31);
  return {
    ms: readNumber('FUZZ_MS', FUZZ_MS ?? String(ms), 'a number above 0'),
    seed: readNumber('FUZZ_SEED', FUZZ_SEED ?? String(anySeed), 'a whole number'),
    path: FUZZ_PATH,
  };
}
