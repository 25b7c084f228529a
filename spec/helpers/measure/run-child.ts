import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { endWithUs } from '../end-with-us.js';

/** A compiled program, under way as a process of its own. */
export interface Child {
  /** Sends a message, and resolves with the next one that comes back. */
  ask<T>(message: object): Promise<T>;
  /** Resolves with the next message; rejects when the process ends before. */
  answer<T>(): Promise<T>;
  /** Resolves when the process has ended. */
  readonly ended: Promise<void>;
  /** Lets the process end by itself, which hears that nobody listens any more. */
  leave(): Promise<void>;
  /** Ends the process. */
  stop(): Promise<void>;
}

/** ms within which an answer must come: nothing here takes half as long. */
const patience = 600_000;

/** For a process that looks at its heap. */
export const heapFlags = [
  '--expose-gc',
  // bytecode that is thrown away and made again would look like a heap that shrinks and grows
  '--no-flush-bytecode',
];

/** For a process whose heap is measured: what optimising compilers keep of the code comes and goes, and would drown what the code keeps. */
export const unoptimised = [
  ...heapFlags,
  '--no-opt',
  '--no-sparkplug',
  '--no-lazy-feedback-allocation',
];

/** Starts a compiled program, the path being without extension. It ends with this process. */
export function runChild(
  path: string,
  args: readonly string[] = [],
  flags: readonly string[] = [],
): Child {
  const child = fork(`${path}.mjs`, [...args], {
    execArgv: ['--enable-source-maps', ...flags],
    env: { ...process.env, NODE_V8_COVERAGE: undefined, NODE_OPTIONS: undefined },
    // the standard output is for the figures
    stdio: ['ignore', 2, 2, 'ipc'],
  });
  endWithUs(child);
  const ended = once(child, 'exit').then(() => undefined);
  const answer = <T>() => nextMessage<T>(child, path);
  return {
    answer,
    ask<T>(message: object) {
      const answered = answer<T>();
      // an error is that of a process that has ended, which the answer tells
      child.send(message, () => {});
      return answered;
    },
    ended,
    leave() {
      if (child.connected) child.disconnect();
      return ended;
    },
    stop() {
      child.kill('SIGKILL');
      return ended;
    },
  };
}

function nextMessage<T>(child: ChildProcess, path: string): Promise<T> {
  return new Promise((resolve, reject) => {
    if (child.exitCode !== null || child.signalCode !== null) {
      reject(new Error(`${path} had ended`));
      return;
    }
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
