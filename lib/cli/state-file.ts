import { existsSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { codeOf } from './key-value.js';
import { UsageError } from './usage-error.js';

/** A cursor that outlives the process. */
export interface StateFile {
  /** The cursor that an earlier process has stored; `undefined` if there is none. */
  readonly stored: unknown;
  /** Stores a cursor before the event loop comes round, the last one of many. */
  save(cursor: unknown): void;
  /** Stores the last cursor now. */
  flush(): void;
}

/**
 * Opens a state file, which need not exist.
 *
 * @param variable - the variable of the cursor, as a check that the file is for this command
 * @param failed - is told of an error of writing
 * @throws UsageError - it cannot be read, or is not for this command. Error - it cannot be written
 */
export function openStateFile(
  file: string,
  variable: string,
  failed: (error: Error) => void,
): StateFile {
  let due: { readonly cursor: unknown } | undefined;
  // two programs must not write the same one
  const draft = `${file}.${process.pid}.tmp`;
  const reason = (error: unknown) => `--state: cannot write ${file}: ${codeOf(error)}`;
  const flush = () => {
    if (!due) return;
    const text = `${JSON.stringify({ variable, cursor: due.cursor })}\n`;
    due = undefined;
    try {
      // a crash in the midst of writing must not leave half a cursor
      writeFileSync(draft, text);
      renameSync(draft, file);
    } catch (error) {
      failed(new Error(reason(error)));
    }
  };
  const stored = read(file, variable);
  // before there is a result that would be printed again
  try {
    writeFileSync(draft, '');
    rmSync(draft);
  } catch (error) {
    throw new Error(reason(error));
  }
  return {
    stored,
    save(cursor) {
      if (!due) setImmediate(flush);
      due = { cursor };
    },
    flush,
  };
}

function read(file: string, variable: string): unknown {
  try {
    if (!existsSync(file)) return undefined;
    const state = Object(JSON.parse(readFileSync(file, 'utf8'))) as Record<
      'variable' | 'cursor',
      unknown
    >;
    if (state.variable === variable && state.cursor !== undefined) return state.cursor;
  } catch (error) {
    if (!(error instanceof SyntaxError))
      throw new UsageError(`--state: cannot read ${file}: ${codeOf(error)}`);
  }
  throw new UsageError(
    `--state: ${file} has no cursor for the variable ${variable}; remove it to begin anew`,
  );
}
