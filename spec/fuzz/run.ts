import { readCommandLine } from '../helpers/read-command-line.js';
import { readNumber } from '../helpers/read-number.js';
import { fuzzOptions } from './fuzz-options.js';
import { fuzz } from './fuzz.js';

const usage = 'usage: npm run fuzz -- [seconds]';
const { ms, seed, path } = readCommandLine(usage, ([seconds = '300', ...more]) => {
  if (more.length > 0) throw new Error(`unknown: ${more.join(' ')}`);
  return fuzzOptions(readNumber('seconds', seconds, 'a number above 0') * 1_000);
});
console.log(`fuzzing for ${ms / 1_000} s, FUZZ_SEED=${seed}`);
const { tally, failure } = await fuzz(ms, seed, path);
console.log(JSON.stringify(tally));
if (failure !== undefined) console.error(failure);
// a tenth of what a busy machine manages: else it does nothing
const idle = path === undefined && tally.frames < ms / 100;
if (idle) console.error('suspiciously few frames were played');
process.exitCode = failure !== undefined || idle ? 1 : 0;
