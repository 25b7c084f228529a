#!/usr/bin/env node
import { noop, Subject } from 'rxjs';
import { complainOf } from './complain-of.js';
import { createConsole } from './console-output.js';
import type { Environment } from './environment.js';
import { exitCode } from './exit-code.js';
import { runProgram } from './program.js';

/** ms that the reader of standard error has for what waits. */
const patience = 1_000;

const signal$ = new Subject<string>();
const environment: Environment = {
  args: process.argv.slice(2),
  env: process.env,
  // to ask for it opens it
  get stdin() {
    return process.stdin;
  },
  stdout: process.stdout,
  stderr: process.stderr,
  signal$,
};

function exit(code: number): void {
  setTimeout(() => process.exit(code), patience).unref();
  // to a pipe Node writes later, and would lose what waits
  process.stdout.write('', () => process.stderr.write('', () => process.exit(code)));
}

// a reader may leave at any time
for (const stream of [process.stdout, process.stderr]) stream.on('error', noop);
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const)
  process.on(signal, () => {
    if (signal$.observed) signal$.next(signal);
    // nothing has begun, or the goodbye takes too long for the user
    else process.exit(exitCode.done);
  });
process.on('uncaughtException', (error) => {
  complainOf(
    error,
    createConsole(environment, { scrub: String }),
    environment.args.includes('--debug'),
  );
  exit(exitCode.failed);
});

exit(await runProgram(environment));
