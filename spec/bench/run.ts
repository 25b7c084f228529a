import { readFileSync, writeFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { readCommandLine } from '../helpers/read-command-line.js';
import { compile } from './compile.js';
import type { Failed, Outcome, Run } from './outcome.js';
import { readArguments, usage, type Arguments } from './read-arguments.js';
import { withTables } from './report/markdown.js';
import { print } from './report/print.js';
import { runWorkload, roundsOfLook } from './run-workload.js';
import { startBench } from './start-bench.js';
import type { Verdict } from './verdict.js';
import { workloads } from './workloads.js';

const asked = readCommandLine(usage, (args) => readArguments(args, workloads));
const run = asked.from ?? (await measureAll(asked));
if (asked.json === '-') console.log(JSON.stringify(run, null, 2));
else if (asked.json !== undefined) writeFileSync(asked.json, `${JSON.stringify(run, null, 2)}\n`);
if (asked.markdown !== undefined)
  writeFileSync(asked.markdown, await withTables(readFileSync(asked.markdown, 'utf8'), run));
const missed = figuresWith('missed');
const undecided = figuresWith('undecided');
const failed = run.failed.map(({ name, reason }) => `${name}: ${reason}`);
tell('missed', missed);
tell('undecided', undecided);
tell('failed', failed);
if (failed.length > 0 || (asked.check && missed.length > 0)) process.exitCode = 1;

function figuresWith(verdict: Verdict): readonly string[] {
  return run.outcomes.flatMap(({ name, figures }) =>
    figures
      .filter((one) => one.verdict === verdict)
      .map(({ what, why }) => `${name}: ${what}${why === undefined ? '' : `, ${why}`}`),
  );
}

function tell(what: string, lines: readonly string[]): void {
  if (lines.length > 0) console.error(`${what}:\n  ${lines.join('\n  ')}`);
}

async function measureAll({ chosen, pairs, json, profile }: Arguments): Promise<Run> {
  const startedAt = performance.now();
  const bench = await startBench(await compile(), profile);
  const outcomes: Outcome[] = [];
  const failed: Failed[] = [];
  try {
    for (const workload of chosen) {
      try {
        const outcome = await runWorkload(workload, pairs, bench.start);
        outcomes.push(outcome);
        if (json !== '-') print(outcome);
      } catch (error) {
        // the others go on; this one has no figures
        console.error(`${workload.name} failed:`, error);
        failed.push({ name: workload.name, reason: reasonOf(error) });
      }
    }
  } finally {
    await bench.stop();
  }
  const all = chosen.length === workloads.length;
  const names = all ? [] : chosen.map(({ name }) => name);
  const options = [...names, ...(pairs === roundsOfLook ? [] : [`--pairs ${pairs}`])];
  return {
    date: new Date().toISOString().slice(0, 10),
    node: process.versions.node,
    machine: `${cpus()[0]?.model ?? 'unknown processor'}, ${cpus().length} cores`,
    command: `npm run bench${options.length > 0 ? ` -- ${options.join(' ')}` : ''}`,
    seconds: Math.round((performance.now() - startedAt) / 1_000),
    outcomes,
    failed,
  };
}

function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
