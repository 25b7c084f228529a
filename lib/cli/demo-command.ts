import type { Command } from 'commander';
import { take, tap } from 'rxjs';
import type { Environment } from './environment.js';
import { UsageError } from './usage-error.js';

/** The options of `demo`, as texts. */
export interface DemoCommandOptions {
  readonly seconds?: string | undefined;
  readonly seed?: string | undefined;
  readonly port: string;
  readonly plain?: boolean | undefined;
}

/** Declares the options of `demo`. */
export function addDemoOptions(command: Command): Command {
  return command
    .option('--seconds <n>', 'for how long (default: 60; with --plain 20)')
    .option('--seed <n>', 'the order and the times of the faults (default: drawn, and printed)')
    .option('--port <n>', 'the port of the page', '4380')
    .option('--plain', 'one client, and one fault; prints each trade');
}

/** Runs the demo. @throws UsageError - an option is wrong */
export async function runDemoCommand(
  { seconds, seed, port, plain = false }: DemoCommandOptions,
  { stdout, signal$ }: Environment,
): Promise<number> {
  const ended = new AbortController();
  const options = {
    plain,
    seconds: toNumber('seconds', seconds ?? (plain ? 20 : 60), 86_400),
    seed: Math.ceil(toNumber('seed', seed ?? 1 + Math.floor(Math.random() * 1_000_000), 2 ** 31)),
    port: Math.ceil(toNumber('port', port, 65_535)),
    output: stdout,
    signal: ended.signal,
  };
  const end = () => ended.abort();
  // nobody reads any more: `| head`
  stdout.once('error', end);
  // a second signal ends the process at once
  const ending = signal$.pipe(take(1), tap(end)).subscribe();
  // nobody else needs it
  const { runDemo } = await import('../demo/run-demo.js');
  return runDemo(options).finally(() => ending.unsubscribe());
}

function toNumber(flag: string, given: string | number, greatest: number): number {
  const number = Number(given);
  if (number > 0 && number <= greatest) return number;
  throw new UsageError(`--${flag} must be a number > 0 and ≤ ${greatest}, got '${given}'`);
}
