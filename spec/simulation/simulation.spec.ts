import { describe, it } from 'mocha';
import { simulate } from './simulate.js';
import { simulationOptions } from './simulation-options.js';

describe('the simulation', () => {
  it('breaks no invariant, whatever clients, servers and networks do', function () {
    this.timeout(0);
    const { SIMULATION_RUNS = '2000', SIMULATION_SEED, SIMULATION_PATH } = process.env;
    const options = simulationOptions(SIMULATION_RUNS, SIMULATION_SEED);
    const { seed } = options;
    const { runs, commands, seconds, failure } = simulate({ ...options, path: SIMULATION_PATH });
    const mean = (commands / runs).toFixed(1);
    console.log(
      `      seed ${seed}: ${runs} runs, ${commands} commands (${mean} a run), ${seconds.toFixed(1)} s`,
    );
    if (failure !== undefined) throw new Error(failure);
  });
});
