import { fork, type ChildProcess } from 'node:child_process';

/** A program of this folder, under way as a process of its own. */
export interface Child {
  /** Sends a message, and resolves with the next one that comes back. */
  ask<T>(message: object): Promise<T>;
  /** Resolves with the next message; rejects when the process ends before. */
  answer<T>(): Promise<T>;
  stop(): Promise<void>;
}

/** ms within which an answer must come: nothing here takes half as long. */
const patience = 600_000;

const flags = [
  '--expose-gc',
  // bytecode that is thrown away and made again would look like a heap that shrinks and grows
  '--no-flush-bytecode',
  '--enable-source-maps',
];

/** For a process whose heap is measured: what optimising compilers keep of the code comes and goes, and would drown what the code keeps. */
export const unoptimised = ['--no-opt', '--no-sparkplug', '--no-lazy-feedback-allocation'];

/** Starts a compiled program, the path being without extension. It ends with this process. */
export function runChild(
  path: string,
  args: readonly string[] = [],
  further: readonly string[] = [],
): Child {
  const child = fork(`${path}.mjs`, [...args], {
    execArgv: [...flags, ...further],
    env: { ...process.env, NODE_V8_COVERAGE: undefined, NODE_OPTIONS: undefined },
    // the standard output is for the figures
    stdio: ['ignore', 2, 2, 'ipc'],
  });
  const kill = () => child.kill('SIGKILL');
  process.once('exit', kill);
  child.once('exit', () => process.off('exit', kill));
  const answer = <T>() => nextMessage<T>(child, path);
  return {
    answer,
    ask<T>(message: object) {
      const answered = answer<T>();
      child.send(message);
      return answered;
    },
    stop: () =>
      new Promise((resolve) => {
        if (child.exitCode !== null || child.signalCode !== null) resolve();
        child.once('exit', () => {
          resolve();
        });
        kill();
      }),
  };
}

function nextMessage<T>(child: ChildProcess, path: string): Promise<T> {
  return new Promise((resolve, reject) => {
    const late = setTimeout(() => child.kill('SIGKILL'), patience).unref();
    const received = (message: T) => {
      clearTimeout(late);
      child.off('exit', ended);
      resolve(message);
    };
    const ended = (code: number | null) => {
      clearTimeout(late);
      child.off('message', received);
      reject(new Error(`${path} ended with ${String(code)} and gave no answer`));
    };
    child.once('message', received);
    child.once('exit', ended);
  });
}
