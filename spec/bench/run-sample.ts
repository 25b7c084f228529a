import { samples } from './samples/samples.js';
import type { NoSample, PlacedTask, Sample } from './task.js';

const task = JSON.parse(process.argv[2] ?? '') as PlacedTask;
const answer = await (await samples[task.sample]())(task).catch(failed);
process.send?.(answer, () => process.exit());

function failed(error: unknown): Sample | NoSample {
  console.error(error);
  return { failure: error instanceof Error ? error.message : String(error) };
}
