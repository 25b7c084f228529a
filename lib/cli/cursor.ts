import { parsePath, selectPath } from './select-path.js';
import { UsageError } from './usage-error.js';

/** A variable that takes the cursor, and the place of the cursor in a result. */
export interface Cursor {
  readonly variable: string;
  /**
   * The cursor of a result; `undefined` if the result has no data, or an empty list stands in its way.
   *
   * @throws UsageError - the result has no such place
   */
  of(result: unknown): unknown;
}

/**
 * Reads `variable=path.to.cursor`. The path begins at the data of a result. Of a list it takes the last item, unless it gives a number.
 *
 * @throws UsageError - there is no variable or no path
 */
export function parseCursor(text: string): Cursor {
  const [, variable, place] = /^\$?([A-Za-z_]\w*)=(?:data\.)?(.+)$/.exec(text) ?? [];
  if (variable === undefined || place === undefined)
    throw new UsageError('--resume wants variable=path.to.cursor, such as after=trades.id');
  const path = parsePath(place);
  return {
    variable,
    of(result) {
      const data = selectPath(result, ['data']);
      const found = data == null ? empty : lastAt(data, path);
      if (found === empty) return undefined;
      // its last digits are lost already
      if (Number.isInteger(found) && !Number.isSafeInteger(found))
        throw new UsageError(
          `--resume: the cursor at ${place} is a number above 2^53: have the server write it as a text`,
        );
      if (found !== undefined && found !== null) return found;
      if ((Object(result) as { errors?: unknown }).errors) return undefined;
      throw new UsageError(`--resume: a result has no ${place} in its data`);
    },
  };
}

const empty = Symbol('empty');

function lastAt(value: unknown, path: readonly string[]): unknown {
  const [name, ...rest] = path;
  if (Array.isArray(value)) {
    if (value.length === 0) return empty;
    if (!/^\d+$/.test(name ?? '')) return lastAt(value.at(-1), path);
  }
  return name === undefined ? value : lastAt(selectPath(value, [name]), rest);
}
