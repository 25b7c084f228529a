import { readFileSync, writeFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { readCommandLine } from '../helpers/read-command-line.js';
import { compile } from './compile.js';
import type { Outcome, Run } from './outcome.js';
import { readArguments, usage, type Arguments } from './read-arguments.js';
import { withTables } from './report/markdown.js';
import { print } from './report/print.js';
import { runWorkload } from './run-workload.js';
import { startBench } from './start-bench.js';
import { workloads } from './workloads.js';

const asked = readCommandLine(usage, (args) => readArguments(args, workloads));
const run = asked.from === undefined ? await measureAll(asked) : readRun(asked.from);
if (asked.json === '-') console.log(JSON.stringify(run, null, 2));
else if (asked.json !== undefined) writeFileSync(asked.json, `${JSON.stringify(run, null, 2)}\n`);
if (asked.markdown !== undefined)
  writeFileSync(asked.markdown, await withTables(readFileSync(asked.markdown, 'utf8'), run));
const missed = run.outcomes.flatMap(({ name, figures }) =>
  figures.filter(({ met }) => met === false).map(({ what }) => `${name}: ${what}`),
);
if (missed.length > 0) console.error(`missed:\n  ${missed.join('\n  ')}`);
if (asked.check && missed.length > 0) process.exitCode = 1;

async function measureAll({ chosen, pairs, json, profile }: Arguments): Promise<Run> {
  const startedAt = performance.now();
  const bench = await startBench(await compile(), profile);
  const outcomes: Outcome[] = [];
  try {
    for (const workload of chosen) {
      try {
        const outcome = await runWorkload(workload, pairs, bench.measure);
        outcomes.push(outcome);
        if (json !== '-') print(outcome);
      } catch (error) {
        // the others go on; this one has no figures
        console.error(`${workload.name} failed:`, error);
        process.exitCode = 1;
      }
    }
  } finally {
    await bench.stop();
  }
  const all = chosen.length === workloads.length;
  const names = all ? [] : chosen.map(({ name }) => name);
  const options = [...names, ...(pairs === 15 ? [] : [`--pairs ${pairs}`])];
  return {
    date: new Date().toISOString().slice(0, 10),
    node: process.versions.node,
    machine: `${cpus()[0]?.model ?? 'unknown processor'}, ${cpus().length} cores`,
    command: `npm run bench${options.length > 0 ? ` -- ${options.join(' ')}` : ''}`,
    seconds: Math.round((performance.now() - startedAt) / 1_000),
    outcomes,
  };
}

function readRun(file: string): Run {
  return JSON.parse(readFileSync(file, 'utf8')) as Run;
}
