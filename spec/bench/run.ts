import { readFileSync, writeFileSync } from 'node:fs';
import { cpus } from 'node:os';
import type { Asked } from './choose.js';
import type { Failed, Outcome, Run, Verdict } from './verdict.js';
import {
  measured,
  short,
  shortInterval,
  shortTarget,
  shortVerdict,
  withTables,
} from './report/markdown.js';
import { roundsOfLook, runWorkload } from './run-workload.js';
import { startBench } from './start-bench.js';
import { workloads } from './workloads.js';

/** Tells what came of a workload, as soon as it is known. */
function print({ name, rounds, variants, figures }: Outcome): void {
  console.log(`\n${name}: ${rounds} of each`);
  console.table(
    Object.fromEntries(
      Object.entries(variants).map(([variant, sample]) => [
        variant,
        Object.fromEntries(
          Object.entries(sample)
            .filter(([value]) => value in measured)
            .map(([value, number]) => [measured[value], short(number)]),
        ),
      ]),
    ),
  );
  console.table(
    figures.map((figure) => ({
      figure: figure.what,
      'median (interval)': shortInterval(figure),
      confidence: Number(figure.confidence.toFixed(3)),
      target: shortTarget(figure.target),
      verdict: shortVerdict(figure),
    })),
  );
  for (const [variant, { rate, busy }] of Object.entries(variants))
    if (rate !== undefined && busy !== undefined && busy < 0.9)
      console.log(
        `${variant} was busy for ${Math.round(busy * 100)} % of the time only: its rate is that of the server, or of what else ran`,
      );
}

/** Measures, or takes an earlier run, and writes what came of it. Resolves with whether nothing failed. */
export async function runBench(asked: Asked): Promise<boolean> {
  const { json, markdown, check } = asked;
  const run = asked.from ?? (await measureAll(asked));
  const text = JSON.stringify(run, null, 2);
  if (json === '-') console.log(text);
  else if (json !== undefined) writeFileSync(json, `${text}\n`);
  if (markdown !== undefined)
    writeFileSync(markdown, await withTables(readFileSync(markdown, 'utf8'), run));
  const failed = run.failed.map(({ name, reason }) => `${name}: ${reason}`);
  const missed = figuresWith(run, 'missed');
  tell('missed', missed);
  tell('undecided', figuresWith(run, 'undecided'));
  tell('failed', failed);
  return failed.length === 0 && !(check && missed.length > 0);
}

function figuresWith({ outcomes }: Run, verdict: Verdict): readonly string[] {
  return outcomes.flatMap(({ name, figures }) =>
    figures
      .filter((one) => one.verdict === verdict)
      .map(({ what, why }) => `${name}: ${what}${why === undefined ? '' : `, ${why}`}`),
  );
}

function tell(what: string, lines: readonly string[]): void {
  if (lines.length > 0) console.error(`${what}:\n  ${lines.join('\n  ')}`);
}

async function measureAll({ chosen, pairs, json, profile }: Asked): Promise<Run> {
  const startedAt = performance.now();
  const bench = await startBench(profile);
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
        const reason = error instanceof Error ? error.message : String(error);
        failed.push({ name: workload.name, reason });
      }
    }
  } finally {
    await bench.stop();
  }
  const names = chosen.length === workloads.length ? [] : chosen.map(({ name }) => name);
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
