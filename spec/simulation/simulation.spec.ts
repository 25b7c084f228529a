import { describe, it } from 'mocha';
import { simulate } from './simulate.js';

describe('the simulation', () => {
  it('breaks no invariant, whatever clients, servers and networks do', function () {
    this.timeout(0);
    const { SIMULATION_RUNS = '2000', SIMULATION_SEED, SIMULATION_PATH } = process.env;
    const seed = Number(SIMULATION_SEED ?? Math.floor(Math.random() * 2 ** 31));
    const { runs, commands, seconds, failure } = simulate({
      runs: Number(SIMULATION_RUNS),
      seed,
      path: SIMULATION_PATH,
    });
    const mean = (commands / runs).toFixed(1);
    console.log(
      `      seed ${seed}: ${runs} runs, ${commands} commands (${mean} a run), ${seconds.toFixed(1)} s`,
    );
    if (failure !== undefined) throw new Error(failure);
  });
});
