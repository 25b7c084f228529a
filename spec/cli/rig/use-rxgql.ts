import { before } from 'mocha';
import { compilePrograms } from '../../helpers/measure/compile-programs.js';
import { runInside } from './inside.js';
import { runCommand, type RunningProgram } from '../../helpers/run-program.js';

/** The program under test, compiled and ready to start. */
export interface Rxgql {
  /** Starts it. */
  start(...args: readonly string[]): RunningProgram;
  /** Starts it with an environment and a standard input. */
  startWith(
    surroundings: { readonly env?: NodeJS.ProcessEnv; readonly input?: string | undefined },
    ...args: readonly string[]
  ): RunningProgram;
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

/** Compiles the program before the tests of the suite. */
export function useRxgql(): Rxgql {
  let file = '';
  before(async function () {
    this.timeout(20_000);
    file = `${await compilePrograms('lib/cli', ['rxgql'], true)}/rxgql.mjs`;
  });
  const startWith: Rxgql['startWith'] = ({ env, input }, ...args) =>
    runCommand(process.execPath, [file, ...args], { RXGQL_TOKEN: undefined, ...env }, input);
  const start: Rxgql['start'] = (...args) => startWith({}, ...args);
  return {
    start,
    startWith,
    run: (...args) => outcomeOf(start(...args)),
    inside: (...args) => runInside({}, ...args),
    get words() {
      return `'${process.execPath}' '${file}'`;
    },
  };
}
