import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { endWithUs } from '../helpers/end-with-us.js';
import { compilePrograms } from '../helpers/measure/compile-programs.js';
import type { ChildLine, Verdict } from './verdict.js';

/** What came of a row with a client. */
export interface FaultResult {
  readonly row: string;
  readonly client: string;
  /** How the subscribers were let down, a crash included; empty is survived. */
  readonly lost: readonly string[];
  /** What else was not as it should be. */
  readonly untidy: readonly string[];
  readonly crashes: number;
  readonly unhandled: number;
  readonly dials: number | undefined;
  readonly ms: number;
}

/** Resolves with the program of a row, until this process ends. */
export async function compileRow(): Promise<string> {
  return `${await compilePrograms('spec/faults', ['child'], true)}/child.mjs`;
}

/**
 * Runs a row in a process of its own.
 *
 * @param program - see compileRow
 * @param limit - ms after which the process is killed and reported as hung
 * @param grace - ms that the process may go on after its verdict
 */
export async function runFault(
  program: string,
  row: string,
  client: string,
  { limit = 20_000, grace = 10_000 } = {},
): Promise<FaultResult> {
  const began = performance.now();
  const child = spawn(process.execPath, [program, row, client], {
    env: { ...process.env, NODE_V8_COVERAGE: undefined },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  endWithUs(child);
  const lines: ChildLine[] = [];
  let killed: string | undefined;
  const kill = (why: string) => () => {
    killed = why;
    child.kill('SIGKILL');
  };
  const timers = [setTimeout(kill(`hung: killed after ${limit} ms`), limit)];
  createInterface({ input: child.stdout }).on('line', (text) => {
    const line = JSON.parse(text) as ChildLine;
    lines.push(line);
    if (line.type === 'open') kill('still open 1 s after the end:')();
    if (line.type !== 'verdict') return;
    timers.push(setTimeout(kill(`still running ${grace} ms after the end`), grace));
  });
  let stderr = '';
  child.stderr.on('data', (data: Buffer) => (stderr += data.toString()));
  const [code] = (await once(child, 'close')) as [number | null];
  for (const timer of timers) clearTimeout(timer);
  const end =
    killed ??
    (code === 0 ? undefined : `ended with code ${String(code)}: ${stderr.slice(0, 2_000)}`);
  return { row, client, ...sum(lines, end), ms: Math.round(performance.now() - began) };
}

function sum(lines: readonly ChildLine[], end: string | undefined) {
  const told = (type: 'uncaught' | 'unhandled') =>
    lines
      .filter((line) => line.type === type)
      .map((line) => `${line.type}: ${(line as { message: string }).message}`);
  const crashes = told('uncaught');
  const unhandled = told('unhandled');
  const verdict = lines.find(
    (line): line is { type: 'verdict' } & Verdict => line.type === 'verdict',
  );
  const open = lines.flatMap((line) => (line.type === 'open' ? line.resources : []));
  const lost = [...crashes, ...unhandled, ...(verdict?.lost ?? [])];
  const untidy = [...(verdict?.untidy ?? [])];
  // without a verdict an end of the process, whatever its code, is the subscriber's loss
  if (!verdict) lost.push(end ?? 'ended without a verdict');
  else if (end !== undefined) untidy.push([end, ...open].join(' '));
  return {
    lost,
    untidy,
    crashes: crashes.length,
    unhandled: unhandled.length,
    dials: verdict?.dials,
  };
}
