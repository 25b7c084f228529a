import { describe, it } from 'mocha';
import { readNumber, readSeed } from '../helpers/read-number.js';
import { simulate } from './simulate.js';

describe('the simulation', () => {
  it('breaks no invariant, whatever clients, servers and networks do', function () {
    this.timeout(0);
    const { SIMULATION_RUNS = '2000', SIMULATION_PATH: path } = process.env;
    const asked = readNumber('SIMULATION_RUNS', SIMULATION_RUNS, 'a whole number above 0');
    const seed = readSeed('SIMULATION_SEED');
    const { runs, commands, seconds, failure } = simulate({ runs: asked, seed, path });
    const mean = (commands / runs).toFixed(1);
    console.log(
      `      seed ${seed}: ${runs} runs, ${commands} commands (${mean} a run), ${seconds.toFixed(1)} s`,
    );
    if (failure !== undefined) throw new Error(failure);
  });
});
