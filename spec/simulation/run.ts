import { fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { readCommandLine } from '../helpers/read-command-line.js';
import { simulate, type SimulationReport } from './simulate.js';
import { simulationOptions } from './simulation-options.js';

/** That the runs are spread over. */
const processes = 2;
const share = 'share';
const usage = 'usage: npm run simulate -- [runs] [seed]';
const { runs, seed, isShare } = readCommandLine(usage, ([all = '20000', start, ...more]) => {
  const isShare = more.join(' ') === share && process.send !== undefined;
  if (more.length > 0 && !isShare) throw new Error(`unknown: ${more.join(' ')}`);
  return { ...simulationOptions(all, start), isShare };
});

if (isShare) process.send?.(simulate({ runs, seed }));
else await spread();

async function spread(): Promise<void> {
  const started = process.hrtime.bigint();
  const shares = Array.from({ length: processes }, (_, index) => index);
  const reports = await Promise.all(shares.map((index) => inChild(index)));
  const seconds = Number(process.hrtime.bigint() - started) / 1e9;
  const sum = (of: (report: SimulationReport) => number) =>
    reports.reduce((total, report) => total + of(report), 0);
  const commands = sum((report) => report.commands);
  const all = sum((report) => report.runs);
  const mean = (commands / all).toFixed(1);
  console.log(
    `seed ${seed}: ${all} runs, ${commands} commands (${mean} a run), ${seconds.toFixed(0)} s`,
  );
  const failures = reports.flatMap(({ failure }) => failure ?? []);
  for (const failure of failures) console.error(`\n${failure}`);
  if (failures.length > 0 || all < runs) process.exitCode = 1;
}

function inChild(index: number): Promise<SimulationReport> {
  const each = Math.ceil(runs / processes);
  const child = fork(fileURLToPath(import.meta.url), [String(each), String(seed + index), share], {
    execArgv: ['--import=tsx'],
  });
  return new Promise((resolve, reject) => {
    child.once('message', (report) => {
      resolve(report as SimulationReport);
    });
    child.once('exit', (code) => {
      reject(new Error(`a process ended with ${String(code)}, without a report`));
    });
  });
}
