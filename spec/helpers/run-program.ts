import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { endWithUs } from './end-with-us.js';

/** A program under way. */
export interface RunningProgram {
  readonly child: ChildProcess;
  /** Standard output so far. */
  out(): string;
  /** Standard error so far. */
  err(): string;
  /** Resolves when standard output or error matches. */
  seen(pattern: RegExp): Promise<void>;
  /** Resolves with the exit code, `null` after a signal. */
  readonly exited: Promise<number | null>;
}

const root = fileURLToPath(new URL('../..', import.meta.url));
// The coverage run has compiled everything, and a process starts in a fraction of the time without tsx.
const isCompiled = import.meta.url.endsWith('.js');

/** Runs a TypeScript program of this repository, as a process of its own. */
export function runProgram(
  file: string,
  args: readonly string[] = [],
  env: NodeJS.ProcessEnv = {},
): RunningProgram {
  const program = isCompiled
    ? ['--enable-source-maps', root + file.replace(/\.ts$/, '.js')]
    : ['--import=tsx', file];
  return runCommand(process.execPath, [...program, ...args], env);
}

/**
 * Runs a command as a process of its own.
 *
 * @param input - its standard input; `false` leaves it open
 */
export function runCommand(
  command: string,
  args: readonly string[],
  env: NodeJS.ProcessEnv = {},
  input: string | false = '',
): RunningProgram {
  const child = spawn(command, args, {
    // colours that somebody wants for mocha are no part of what a program writes
    env: { ...process.env, NODE_V8_COVERAGE: undefined, FORCE_COLOR: undefined, ...env },
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  endWithUs(child);
  if (input !== false) child.stdin.end(input);
  const text = { out: '', err: '' };
  const waiting = new Set<() => void>();
  const collect = (stream: 'out' | 'err') => (data: Buffer) => {
    text[stream] += data.toString();
    for (const check of waiting) check();
  };
  child.stdout.on('data', collect('out'));
  child.stderr.on('data', collect('err'));
  const exited = once(child, 'close').then(([code]) => code as number | null);
  return {
    child,
    out: () => text.out,
    err: () => text.err,
    seen: (pattern) =>
      new Promise((resolve, reject) => {
        const check = () => {
          if (!pattern.test(text.out) && !pattern.test(text.err)) return;
          waiting.delete(check);
          resolve();
        };
        waiting.add(check);
        check();
        void exited.then(() =>
          reject(new Error(`ended without ${String(pattern)}:\n${text.out}\n${text.err}`)),
        );
      }),
    exited,
  };
}
