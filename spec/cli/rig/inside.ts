import { PassThrough, Readable, type Writable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { NEVER, type Observable } from 'rxjs';
import { runProgram } from '../../../lib/cli/program.js';
import type { Outcome } from './use-rxgql.js';

/** The surroundings of a program that runs in this process. */
export interface Surroundings {
  readonly env?: Readonly<Record<string, string>>;
  /** Standard input; `undefined` does not end. */
  readonly input?: string | undefined;
  readonly signal$?: Observable<string>;
  /** Whether its streams are terminals. */
  readonly isTTY?: boolean;
  readonly columns?: number;
  /** Standard output; it is read if there is none. */
  readonly stdout?: Writable;
}

/** Runs the program in this process, where a start costs nothing. */
export async function runInside(
  surroundings: Surroundings,
  ...args: readonly string[]
): Promise<Outcome> {
  const { env = {}, signal$ = NEVER, isTTY = false, columns = 100 } = surroundings;
  const { input } = { input: '', ...surroundings };
  const [read, stderr] = [new PassThrough(), new PassThrough()];
  const stdout = surroundings.stdout ?? read;
  const told = Promise.all([text(read), text(stderr)]);
  const code = await runProgram({
    args,
    env,
    signal$,
    stdin: Object.assign(input === undefined ? new PassThrough() : Readable.from([input]), {
      isTTY,
    }),
    stdout: Object.assign(stdout, { isTTY, columns }),
    stderr: Object.assign(stderr, { isTTY, columns }),
  });
  read.end();
  stderr.end();
  const [out, err] = await told;
  return { code, out, err };
}
