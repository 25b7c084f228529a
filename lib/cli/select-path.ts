/** Splits a path such as `data.trades.0.price`. */
export function parsePath(text: string): readonly string[] {
  return text.split('.');
}

/** The value at a path; `undefined` if there is none. A number selects an item of a list. */
export function selectPath(value: unknown, path: readonly string[]): unknown {
  let found = value;
  for (const name of path) {
    if (typeof found !== 'object' || !found || !Object.hasOwn(found, name)) return undefined;
    found = (found as Record<string, unknown>)[name];
  }
  return found;
}
