/**
 * Whether a value is what was expected: objects and arrays by what they hold, dates by their instant, everything else as `Object.is`
 * has it. An error is what was expected when it has all members of what was expected: of another error its name and message too.
 */
export function isEqual(actual: unknown, expected: unknown): boolean {
  if (Object.is(actual, expected)) return true;
  if (!isObject(actual) || !isObject(expected)) return false;
  if (actual instanceof Date && expected instanceof Date)
    return actual.getTime() === expected.getTime();
  const keys = keysOf(expected);
  const holds = keys.every((key) => key in actual && isEqual(actual[key], expected[key]));
  if (actual instanceof Error) return holds;
  const alike = Object.getPrototypeOf(actual) === Object.getPrototypeOf(expected);
  return holds && alike && keys.length === keysOf(actual).length;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}

function keysOf(value: object): readonly string[] {
  // inherited or not enumerable, and what an error is about
  const hidden = value instanceof Error ? ['name', 'message'] : [];
  return [...new Set([...Object.keys(value), ...hidden])];
}
