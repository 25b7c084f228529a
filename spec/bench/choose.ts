import { existsSync, readFileSync } from 'node:fs';
import { dirname } from 'node:path';
import type { Run } from './verdict.js';
import { expectMarkers } from './report/markdown.js';
import type { Workload } from './workload.js';
import { workloads } from './workloads.js';

/** What the command line asks for. */
interface Given {
  readonly names: readonly string[];
  /** A file for all figures, or `-` for the standard output. */
  readonly json?: string | undefined;
  /** A file that `json` wrote, instead of a run. */
  readonly from?: string | undefined;
  /** A document whose tables are to be written anew. */
  readonly markdown?: string | undefined;
  /** A folder for CPU profiles of the processes that are measured. */
  readonly profile?: string | undefined;
  /** Whether a missed target is a failure. */
  readonly check: boolean;
}

export interface Asked extends Omit<Given, 'names' | 'from'> {
  readonly chosen: readonly Workload[];
  readonly from: Run | undefined;
  readonly pairs: number;
}

/** @throws Error - an argument that is wrong; it is told now, not after a quarter of an hour */
export function choose({ names, from: file, ...given }: Given): Omit<Asked, 'pairs'> {
  const named = new Set(names.flatMap(workloadsBy));
  const chosen = workloads.filter((one) => names.length === 0 || named.has(one));
  if (file !== undefined && names.length > 0)
    throw new Error('--from measures nothing: leave out the workloads');
  const from = file === undefined ? undefined : readRun(file);
  const { json, markdown } = given;
  if (json !== undefined && !existsSync(dirname(json)))
    throw new Error(`--json ${json}: there is no such folder`);
  if (markdown !== undefined) {
    expectMarkers(readFileSync(markdown, 'utf8'));
    expectAll(from ? [...from.outcomes, ...from.failed] : chosen);
  }
  return { ...given, chosen, from };
}

function workloadsBy(name: string): readonly Workload[] {
  const exact = workloads.filter((one) => one.name === name);
  const found = workloads.filter((one) => one.name.startsWith(`${name}-`));
  if (exact.length + found.length > 0) return exact.length > 0 ? exact : found;
  const all = workloads.map((one) => one.name).join(', ');
  throw new Error(`there is no workload ${JSON.stringify(name)}. There are ${all}`);
}

function readRun(file: string): Run {
  const run = JSON.parse(readFileSync(file, 'utf8')) as Partial<Run> | null;
  if (Array.isArray(run?.outcomes) && Array.isArray(run.failed)) return run as Run;
  throw new Error(`--from ${file}: this is not what --json writes`);
}

/** The rows of the others would be gone from the document. */
function expectAll(those: readonly { readonly name: string }[]): void {
  const missing = workloads.filter(({ name }) => !those.some((one) => one.name === name));
  if (missing.length === 0) return;
  const list = missing.map(({ name }) => name).join(', ');
  throw new Error(`--markdown replaces the rows of all workloads. These are missing: ${list}`);
}
