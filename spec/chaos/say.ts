import type { ClientLine } from './log-line.js';

type Unstamped<T> = T extends unknown ? Omit<T, 'at' | 'client'> : never;

/** Tells what happened to one client; `at` is now unless it is given. */
export type ClientLog = (line: Unstamped<ClientLine>, at?: number) => void;

/** Tells whoever started this process. What is written to a pipe leaves the process at once: it outlives a SIGKILL. */
export function say(line: object): void {
  process.stdout.write(`${JSON.stringify(line)}\n`);
}

/** The log of one client. */
export function clientLog(client: string): ClientLog {
  return (line, at = Date.now()) => say({ at, client, ...line });
}
