import { setImmediate as turn } from 'node:timers/promises';
import fc from 'fast-check';
import { readNumber, readSeed } from '../helpers/read-number.js';
import { play, type Tally } from './play.js';
import { life } from './step.js';

/** What a fuzzing came to. */
interface Fuzzed {
  readonly tally: Readonly<Tally>;
  /** What broke, made small, and how to see it again; `undefined` when nothing did. */
  readonly failure: string | undefined;
}

/** Feeds socket objects random lives for so many ms. With the same seed they are the same, as far as the time reaches. */
async function fuzz(ms: number, seed: number, path?: string): Promise<Fuzzed> {
  const tally: Tally = { lives: 0, frames: 0, reconnects: 0, failures: 0 };
  const faults: unknown[] = [];
  const note = (fault: unknown) => faults.push(fault);
  process.on('uncaughtException', note).on('unhandledRejection', note);
  const property = fc.asyncProperty(life, async (given) => {
    play(given, tally);
    // what is left to nobody shows itself a turn later
    await turn();
    if (faults.length > 0) throw new Error('left to the process', { cause: faults.splice(0)[0] });
  });
  const run = (limit: number, from?: string) =>
    fc.check(property, {
      ...{ seed, numRuns: Number.MAX_SAFE_INTEGER },
      ...{ interruptAfterTimeLimit: limit, markInterruptAsFailure: false },
      ...(from && { path: from }),
    });
  try {
    const found = await run(ms, path);
    if (!found.failed) return { tally, failure: undefined };
    // the time may have been over before it was small
    const small = await run(20_000, found.counterexamplePath ?? undefined);
    const report = small.failed ? small : found;
    const replay = `FUZZ_SEED=${seed} FUZZ_PATH=${report.counterexamplePath ?? ''}`;
    const { errorInstance, counterexample } = report;
    const why = errorInstance instanceof Error ? errorInstance.message : String(errorInstance);
    return { tally, failure: [replay, why, fc.stringify(counterexample)].join('\n') };
  } finally {
    process.off('uncaughtException', note).off('unhandledRejection', note);
  }
}

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
