import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { before } from 'mocha';
import { endWithUs } from '../../helpers/end-with-us.js';
import { compilePrograms } from '../../helpers/measure/compile-programs.js';
import { runInside } from './inside.js';
import { runCommand, type RunningProgram } from '../../helpers/run-program.js';

/** The program under test, compiled and ready to start. */
export interface Rxgql {
  /** Starts it. */
  start(...args: readonly string[]): RunningProgram;
  /** Starts it with an environment and a standard input; `false` leaves that open. */
  startWith(
    surroundings: { readonly env?: NodeJS.ProcessEnv; readonly input?: string | false | undefined },
    ...args: readonly string[]
  ): RunningProgram;
  /** Starts it, and leaves its output to the caller. */
  startPaused(...args: readonly string[]): Pick<RunningProgram, 'child' | 'exited'>;
  /** Runs it to its end. */
  run(...args: readonly string[]): Promise<Outcome>;
  /** Runs it in this process, where a start costs nothing. */
  inside(...args: readonly string[]): Promise<Outcome>;
  /** The words that start it in a shell. */
  readonly words: string;
}

/** What a program has left behind. */
export interface Outcome {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

export async function outcomeOf(program: RunningProgram): Promise<Outcome> {
  const code = await program.exited;
  return { code, out: program.out(), err: program.err() };
}

// the coverage run has compiled it, and counts what its processes run
const isCompiled = import.meta.url.endsWith('.js');
const ours = () => ({
  RXGQL_TOKEN: undefined,
  NODE_V8_COVERAGE: process.env.NODE_V8_COVERAGE,
});

/** Compiles the program before the tests of the suite. */
export function useRxgql(): Rxgql {
  let file = '';
  before(async function () {
    this.timeout(20_000);
    file = isCompiled
      ? fileURLToPath(new URL('../../../lib/cli/rxgql.js', import.meta.url))
      : `${await compilePrograms('lib/cli', ['rxgql'], true)}/rxgql.mjs`;
  });
  const startWith: Rxgql['startWith'] = ({ env, input }, ...args) =>
    runCommand(process.execPath, [file, ...args], { ...ours(), ...env }, input);
  const start: Rxgql['start'] = (...args) => startWith({}, ...args);
  return {
    start,
    startWith,
    startPaused(...args) {
      const child = spawn(process.execPath, [file, ...args], {
        stdio: ['ignore', 'pipe', 'ignore'],
      });
      endWithUs(child);
      return { child, exited: once(child, 'exit').then(([code]) => code as number | null) };
    },
    run: (...args) => outcomeOf(start(...args)),
    inside: (...args) => runInside({}, ...args),
    get words() {
      return `'${process.execPath}' '${file}'`;
    },
  };
}
