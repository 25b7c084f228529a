import { fuzzOptions } from './fuzz-options.js';
import { fuzz } from './fuzz.js';

// node --import=tsx spec/fuzz/run.ts <seconds>
const { ms, seed, path } = fuzzOptions(Number(process.argv[2] ?? 300) * 1_000);
console.log(`fuzzing for ${ms / 1_000} s, FUZZ_SEED=${seed}`);
const { tally, failure } = await fuzz(ms, seed, path);
console.log(JSON.stringify(tally));
if (failure !== undefined) console.error(failure);
// a tenth of what a busy machine manages: else it does nothing
const idle = path === undefined && tally.frames < ms / 100;
if (idle) console.error('suspiciously few frames were played');
process.exitCode = failure !== undefined || idle ? 1 : 0;
