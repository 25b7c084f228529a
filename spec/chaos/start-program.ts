import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { endWithUs } from '../helpers/end-with-us.js';
import type { Network, Side } from './network.js';

/** A program of the rig under way in a namespace. */
export interface Program<Line> {
  /** What it has said. */
  readonly lines: readonly Line[];
  /** What it says from now on, until the returned function is called. */
  follow(listener: (line: Line) => void): () => void;
  /** Resolves at the first line that matches, past or to come; `undefined` after `ms`. */
  until(matches: (line: Line) => boolean, ms: number): Promise<Line | undefined>;
  /** Gives it the one command that it waits for. */
  go(): void;
  signal(name: 'SIGKILL' | 'SIGSTOP' | 'SIGCONT'): void;
  /** Its exit code, or the signal that ended it. */
  readonly exited: Promise<number | string>;
}

const root = fileURLToPath(new URL('../..', import.meta.url));

/** Starts one of our TypeScript programs on a side of a network. It ends with this process. */
export function startProgram<Line>(
  network: Network,
  side: Side,
  file: string,
  config: object,
): Program<Line> {
  const source = fileURLToPath(new URL(file, import.meta.url));
  const program = [process.execPath, '--import=tsx', source, JSON.stringify(config)];
  const [command, ...args] = network.command(side, program);
  const child = spawn(command!, args, { cwd: root, stdio: ['pipe', 'pipe', 'inherit'] });
  // `ip netns exec` becomes the program: signals reach it itself.
  endWithUs(child);
  const exited = once(child, 'exit').then(([code, signal]) => (code ?? signal) as number | string);
  // A program that was killed does not read any more.
  child.stdin.on('error', () => {});

  const lines: Line[] = [];
  const listeners = new Set<(line: Line) => void>();
  createInterface({ input: child.stdout }).on('line', (text) => {
    const line = JSON.parse(text) as Line;
    lines.push(line);
    for (const listener of listeners) listener(line);
  });
  const follow = (listener: (line: Line) => void) => {
    listeners.add(listener);
    return () => void listeners.delete(listener);
  };
  return {
    lines,
    follow,
    until: (matches, ms) =>
      new Promise((resolve) => {
        const past = lines.find(matches);
        const settle = (line: Line | undefined) => {
          clearTimeout(deadline);
          leave();
          resolve(line);
        };
        const deadline = setTimeout(settle, ms, undefined);
        const leave = follow((line) => {
          if (matches(line)) settle(line);
        });
        if (past !== undefined) settle(past);
      }),
    go: () => void child.stdin.write('go\n'),
    signal: (name) => void child.kill(name),
    exited,
  };
}
