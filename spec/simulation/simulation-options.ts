import { readNumber } from '../helpers/read-number.js';
import type { SimulationOptions } from './simulate.js';

/** From texts; where there is no seed, one is thrown. @throws Error - a value that is wrong */
export function simulationOptions(
  runs: string,
  seed = String(Math.floor(Math.random() * 2 ** 31)),
): Pick<SimulationOptions, 'runs' | 'seed'> {
  return {
    runs: readNumber('runs', runs, 'a whole number above 0'),
    seed: readNumber('seed', seed, 'a whole number'),
  };
}
