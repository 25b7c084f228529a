// Some of the runs, in a process of their own.
import { simulate, type SimulationOptions } from './simulate.js';

process.send?.(simulate(JSON.parse(process.argv[2]!) as SimulationOptions), () => process.exit());
