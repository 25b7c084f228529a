import { readNumber, readSeed } from '../helpers/read-number.js';
import { fuzz } from './fuzz.js';

/** Fuzzes, and tells how it went. Resolves with what broke. */
export async function fuzzAsAsked(defaultMs: number): Promise<string | undefined> {
  const { FUZZ_MS, FUZZ_PATH: path } = process.env;
  const ms = readNumber('FUZZ_MS', FUZZ_MS ?? String(defaultMs), 'a number above 0');
  const seed = readSeed('FUZZ_SEED');
  console.log(`      fuzzing for ${ms / 1_000} s, FUZZ_SEED=${seed}`);
  const { tally, failure } = await fuzz(ms, seed, path);
  console.log(`      ${JSON.stringify(tally)}`);
  // a tenth of what a busy machine manages: else it does nothing
  const idle = path === undefined && tally.frames < ms / 100;
  return failure ?? (idle ? 'suspiciously few frames were played' : undefined);
}

/** Resolves with whether nothing broke. */
export async function runFuzz(ms: number): Promise<boolean> {
  const failure = await fuzzAsAsked(ms);
  if (failure !== undefined) console.error(failure);
  return failure === undefined;
}
