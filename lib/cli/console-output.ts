import { escapeControls } from './escape-controls.js';
import type { Environment } from './environment.js';
import type { Secrets } from './secrets.js';

/** Standard error: lines for people, and on a terminal one line that changes. */
export interface Console {
  /** Writes a line, unless the user wants quiet. */
  note(line: string): void;
  /** Writes lines that the user must see. */
  complain(...lines: readonly string[]): void;
  /** Whether there is a line that changes. */
  readonly hasStatus: boolean;
  /** Whether it may have colours. */
  readonly hasColours: boolean;
  /** Shows the line that changes, in place of the one before. There must be one. */
  show(line: string): void;
  /** Removes the line that changes, until it is shown again. */
  clear(): void;
}

/** The width of a terminal. One that does not know it says 0. */
export function columnsOf({ columns = 0 }: { readonly columns?: number | undefined }): number {
  return columns > 0 ? columns : 80;
}

const erase = '\r\u001b[K';
const escape = /\u001b\[\d*m/g;

/** Creates the console. Everything that it writes is without secrets and control characters. */
export function createConsole(
  { stderr, env }: Environment,
  secrets: Pick<Secrets, 'scrub'>,
  isQuiet = false,
): Console {
  const hasStatus = stderr.isTTY === true && !isQuiet && env.TERM !== 'dumb';
  let isShown = false;
  const clear = () => {
    if (isShown) stderr.write(erase);
    isShown = false;
  };
  const complain = (...lines: readonly string[]) => {
    clear();
    for (const line of lines) stderr.write(`${escapeControls(secrets.scrub(line))}\n`);
  };
  return {
    hasStatus,
    hasColours: hasStatus && !env.NO_COLOR,
    note(line) {
      if (!isQuiet) complain(line);
    },
    complain,
    show(line) {
      const width = columnsOf(stderr) - 1;
      const tooLong = line.replace(escape, '').length > width;
      // a line that wraps could not be erased
      stderr.write(erase + (tooLong ? line.replace(escape, '').slice(0, width) : line));
      isShown = true;
    },
    clear,
  };
}
