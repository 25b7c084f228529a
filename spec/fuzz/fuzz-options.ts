/** From the environment: `FUZZ_MS`, `FUZZ_SEED`, and `FUZZ_PATH` of a failure to be seen again. */
export interface FuzzOptions {
  readonly ms: number;
  readonly seed: number;
  readonly path: string | undefined;
}

export function fuzzOptions(ms: number): FuzzOptions {
  const { FUZZ_MS, FUZZ_SEED, FUZZ_PATH } = process.env;
  return {
    ms: Number(FUZZ_MS ?? ms),
    seed: Number(FUZZ_SEED ?? Math.floor(Math.random() * 2 ** 31)),
    path: FUZZ_PATH,
  };
}
