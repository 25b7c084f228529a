import { printable } from './printable.js';

/** The output of a program: results on standard output, notes on standard error. */
export interface Terminal {
  /** Writes a line to standard output. */
  readonly print: (line: string) => void;
  /** Writes a line to standard error. */
  readonly note: (line: string) => void;
}

/** Creates the terminal of this process. It escapes control characters. */
export function createTerminal(): Terminal {
  // the reader of the pipe has gone, for example `head`
  process.stdout.on('error', () => process.exit());
  return {
    print: (line) => process.stdout.write(`${printable(line)}\n`),
    note: (line) => process.stderr.write(`${printable(line)}\n`),
  };
}
