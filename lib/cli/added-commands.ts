import type { Environment } from './environment.js';
import { UsageError } from './usage-error.js';

/** A sub-command that another part of the package brings along. */
export interface AddedCommand {
  readonly name: string;
  readonly summary: string;
  /** The flags of each option, its description, and its default. */
  readonly options: readonly (readonly [
    flags: string,
    description: string,
    value?: string | undefined,
  ])[];
  /** Runs it with the values of its options. Resolves with the exit code. */
  run(
    options: Readonly<Record<string, string | boolean | undefined>>,
    environment: Environment,
  ): Promise<number>;
}

function toNumber(flag: string, text: unknown, greatest: number): number {
  const number = Number(text);
  if (number > 0 && number <= greatest) return number;
  throw new UsageError(`--${flag} must be a number > 0 and ≤ ${greatest}, got '${String(text)}'`);
}

/** The only place where the program learns of such commands. */
export const addedCommands: readonly AddedCommand[] = [
  {
    name: 'demo',
    summary: 'compare two clients on one server and its faults, here and on a page',
    options: [
      ['--seconds <n>', 'for how long (default: 60; with --plain 20)'],
      ['--seed <n>', 'the order and the times of the faults (default: drawn, and printed)'],
      ['--port <n>', 'the port of the page', '4380'],
      ['--plain', 'one client, and one fault; prints each trade'],
    ],
    async run({ seconds, seed, port, plain }, environment) {
      const options = {
        plain: plain === true,
        seconds: toNumber('seconds', seconds ?? (plain ? 20 : 60), 86_400),
        seed: Math.ceil(
          toNumber('seed', seed ?? 1 + Math.floor(Math.random() * 1_000_000), 2 ** 31),
        ),
        port: Math.ceil(toNumber('port', port, 65_535)),
        output: environment.stdout,
      };
      // nobody reads any more: `| head`
      environment.stdout.on('error', () => process.exit());
      // nobody else needs it
      const { runDemo } = await import('../demo/run-demo.js');
      return runDemo(options);
    },
  },
];
