import { samples } from './samples/samples.js';
import type { PlacedTask } from './task.js';

const task = JSON.parse(process.argv[2] ?? '') as PlacedTask;
const take = await samples[task.sample]();
process.send?.(await take(task), () => process.exit());
