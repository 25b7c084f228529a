type Variables = Readonly<Record<string, unknown>>;

/**
 * The number of a row in a variable.
 *
 * @returns `undefined` where there is none
 * @throws Error - it is something else
 */
export function readNumber(variables: Variables, name: string): number | undefined {
  const value = variables[name] ?? undefined;
  if (value === undefined || Number.isSafeInteger(value)) return value as number | undefined;
  throw expected(name, 'the number of a row', value);
}

/**
 * The instant in a variable, in ms since the epoch.
 *
 * @returns `undefined` where there is none
 * @throws Error - it is something else
 */
export function readInstant(variables: Variables, name: string): number | undefined {
  const value = variables[name] ?? undefined;
  const instant = typeof value === 'string' ? Date.parse(value) : value;
  if (instant === undefined || Number.isFinite(instant)) return instant as number | undefined;
  throw expected(name, 'an instant (ISO 8601, or ms since the epoch)', value);
}

function expected(name: string, what: string, got: unknown): Error {
  return new Error(`expected the variable \`${name}\` to be ${what}, got ${JSON.stringify(got)}`);
}
