import { compilePrograms } from '../helpers/measure/compile-programs.js';
import { runChild } from '../helpers/measure/run-child.js';
import { sum } from '../helpers/measure/statistics.js';
import type { SimulationOptions, SimulationReport } from './simulate.js';

/** That the runs are spread over. */
const processes = 2;

/** Resolves with whether no invariant was broken. */
export async function runSimulation({ runs, seed }: SimulationOptions): Promise<boolean> {
  const started = performance.now();
  const program = `${await compilePrograms('spec/simulation', ['share'])}/share`;
  const share = (index: number) => {
    const options = { runs: Math.ceil(runs / processes), seed: seed + index };
    return runChild(program, [JSON.stringify(options)]).answer<SimulationReport>();
  };
  const reports = await Promise.all(Array.from({ length: processes }, (_, index) => share(index)));
  const seconds = (performance.now() - started) / 1_000;
  const commands = sum(reports.map((report) => report.commands));
  const all = sum(reports.map((report) => report.runs));
  const mean = (commands / all).toFixed(1);
  console.log(
    `seed ${seed}: ${all} runs, ${commands} commands (${mean} a run), ${seconds.toFixed(0)} s`,
  );
  const failures = reports.flatMap(({ failure }) => failure ?? []);
  for (const failure of failures) console.error(`\n${failure}`);
  return failures.length === 0 && all >= runs;
}
