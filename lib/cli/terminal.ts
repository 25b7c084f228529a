import { printable } from './printable.js';

/** Where a program writes: results to standard output, what is said about them to standard error. */
export interface Terminal {
  /** A line on standard output. */
  readonly print: (line: string) => void;
  /** A line on standard error. */
  readonly note: (line: string) => void;
}

/** The process's own terminal; control characters are neutralised. */
export function createTerminal(): Terminal {
  // The reader of a pipe has gone (`| head`): nobody is left to write to.
  process.stdout.on('error', () => process.exit());
  return {
    print: (line) => process.stdout.write(`${printable(line)}\n`),
    note: (line) => process.stderr.write(`${printable(line)}\n`),
  };
}
