import { parseArgs } from 'node:util';
import { readNumber } from '../helpers/read-number.js';
import type { Workload } from './workload.js';

/** What the command line asks for. */
export interface Arguments {
  readonly chosen: readonly Workload[];
  readonly pairs: number;
  /** A file for all figures, or `-` for the standard output. */
  readonly json: string | undefined;
  /** A file of an earlier run, instead of a run. */
  readonly from: string | undefined;
  /** A document whose table is to be written anew. */
  readonly markdown: string | undefined;
  /** A folder for CPU profiles of the processes that are measured. */
  readonly profile: string | undefined;
  /** Whether a missed target is a failure. */
  readonly check: boolean;
}

export const usage = `usage: npm run bench -- [<workload>] … [--pairs <n>] [--json <file>] [--markdown <file>] [--from <file>] [--check] [--profile <folder>]
  <workload>   one or more by name, or by the beginning of names: throughput, audit-1k, …; all of them otherwise
  --pairs      samples of each client, taken in turn: 15 otherwise
  --json       writes all figures to a file, or to the standard output with "-"
  --markdown   writes the tables between <!-- bench:begin --> and <!-- bench:end --> of a document
  --from       takes the figures from a file that --json wrote, and measures nothing
  --check      ends with 1 when a target is missed
  --profile    has the measured processes write CPU profiles; what they measure is then worth little`;

/** @throws Error - an argument that is unknown or wrong */
export function readArguments(args: string[], workloads: readonly Workload[]): Arguments {
  const { values, positionals } = parseArgs({
    args,
    allowPositionals: true,
    options: {
      pairs: { type: 'string', default: '15' },
      json: { type: 'string' },
      from: { type: 'string' },
      markdown: { type: 'string' },
      profile: { type: 'string' },
      check: { type: 'boolean', default: false },
    },
  });
  const chosen = new Set(positionals.flatMap((name) => named(name, workloads)));
  return {
    chosen: positionals.length === 0 ? workloads : workloads.filter((one) => chosen.has(one)),
    pairs: readNumber('--pairs', values.pairs, 'a whole number above 0'),
    json: values.json,
    from: values.from,
    markdown: values.markdown,
    profile: values.profile,
    check: values.check,
  };
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
