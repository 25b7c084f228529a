import { existsSync, readFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { parseArgs } from 'node:util';
import { readNumber } from '../helpers/read-number.js';
import type { Run } from './outcome.js';
import { readRun } from './read-run.js';
import { expectMarkers } from './report/markdown.js';
import { roundsOfLook } from './run-workload.js';
import type { Workload } from './workload.js';

/** What the command line asks for. */
export interface Arguments {
  readonly chosen: readonly Workload[];
  readonly pairs: number;
  /** A file for all figures, or `-` for the standard output. */
  readonly json: string | undefined;
  /** An earlier run, instead of a run. */
  readonly from: Run | undefined;
  /** A document whose tables are to be written anew. */
  readonly markdown: string | undefined;
  /** A folder for CPU profiles of the processes that are measured. */
  readonly profile: string | undefined;
  /** Whether a missed target is a failure. */
  readonly check: boolean;
}

export const usage = `usage: npm run bench -- [<workload>] … [--pairs <n>] [--json <file>] [--markdown <file>] [--from <file>] [--check] [--profile <folder>]
  <workload>   one or more by name, or by the beginning of names: throughput, audit-1k, …; all of them otherwise
  --pairs      rounds before a look at the figures: 10 otherwise; what has no target, or takes long, has fewer.
               While a target is undecided there are as many again, and another look: three looks at most
  --json       writes all figures to a file, or to the standard output with "-"
  --markdown   writes the tables between <!-- bench:begin --> and <!-- bench:end --> of a document; they are those of all workloads
  --from       takes the figures from a file that --json wrote, and measures nothing
  --check      ends with 1 when a target is missed; one that stays undecided is told, and is no failure
  --profile    has the measured processes write CPU profiles; what they measure is then worth little`;

/** @throws Error - an argument that is unknown or wrong */
export function readArguments(args: string[], workloads: readonly Workload[]): Arguments {
  const { values, positionals } = parseArgs({
    args,
    allowPositionals: true,
    options: {
      pairs: { type: 'string', default: String(roundsOfLook) },
      json: { type: 'string' },
      from: { type: 'string' },
      markdown: { type: 'string' },
      profile: { type: 'string' },
      check: { type: 'boolean', default: false },
    },
  });
  const names = new Set(positionals.flatMap((name) => named(name, workloads)));
  const chosen = positionals.length === 0 ? workloads : workloads.filter((one) => names.has(one));
  const { json, markdown, profile, check } = values;
  if (values.from !== undefined && positionals.length > 0)
    throw new Error('--from measures nothing: leave out the workloads');
  const from = values.from === undefined ? undefined : readRun(values.from);
  // now, not after a quarter of an hour
  if (json !== undefined && !existsSync(dirname(json)))
    throw new Error(`--json ${json}: there is no such folder`);
  if (markdown !== undefined) {
    expectMarkers(readDocument(markdown));
    expectAll(from ? inRun(from) : chosen.map(({ name }) => name), workloads);
  }
  const pairs = readNumber('--pairs', values.pairs, 'a whole number above 0');
  return { chosen, pairs, json, from, markdown, profile, check };
}

function readDocument(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    throw new Error(`--markdown ${file}: ${String(error)}`, { cause: error });
  }
}

function inRun({ outcomes, failed }: Run): readonly string[] {
  return [...outcomes, ...failed].map(({ name }) => name);
}

/** The rows of the others would be gone from the document. */
function expectAll(names: readonly string[], workloads: readonly Workload[]): void {
  const missing = workloads.filter(({ name }) => !names.includes(name));
  if (missing.length === 0) return;
  const list = missing.map(({ name }) => name).join(', ');
  throw new Error(`--markdown replaces the rows of all workloads. These are missing: ${list}`);
}

function named(name: string, workloads: readonly Workload[]): readonly Workload[] {
  const exact = workloads.filter((one) => one.name === name);
  const found =
    exact.length > 0 ? exact : workloads.filter((one) => one.name.startsWith(`${name}-`));
  if (found.length > 0) return found;
  throw new Error(
    `there is no workload ${JSON.stringify(name)}. There are ${workloads.map((one) => one.name).join(', ')}`,
  );
}
