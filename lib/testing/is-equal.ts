export function isComposite(value: unknown): value is Record<PropertyKey, unknown> {
  return typeof value === 'object' && value !== null;
}

/**
 * Compares a value with the expected one:
 *
 * - objects, arrays, maps and sets by their contents
 * - dates, URLs and regular expressions by their text or time
 * - errors by the members of the expected object, which need not be an error
 * - everything else by `Object.is`
 * - an asymmetric matcher, as Jest and Vitest have them, by its own judgement
 */
export function isEqual(actual: unknown, expected: unknown): boolean {
  return compare(actual, expected, []);
}

type Pair = readonly [actual: object, expected: object];

/** @param within - the pairs that contain these two. A cycle is equal when everything before it is. */
function compare(actual: unknown, expected: unknown, within: readonly Pair[]): boolean {
  if (Object.is(actual, expected)) return true;
  if (!isComposite(expected)) return false;
  if (isMatcher(expected)) return expected.asymmetricMatch(actual);
  if (!isComposite(actual)) return false;
  if (within.some(([one, other]) => one === actual && other === expected)) return true;
  const inside = [...within, [actual, expected] as const];
  const keys = keysOf(expected);
  const holds = keys.every((key) => key in actual && compare(actual[key], expected[key], inside));
  return holds && (actual instanceof Error || isSameKind(actual, expected, inside));
}

function isMatcher(value: object): value is { asymmetricMatch(actual: unknown): boolean } {
  return 'asymmetricMatch' in value && typeof value.asymmetricMatch === 'function';
}

/** Whether two objects have the same class, the same number of members, and the same content beside their members. */
function isSameKind(actual: object, expected: object, within: readonly Pair[]): boolean {
  return (
    Object.getPrototypeOf(actual) === Object.getPrototypeOf(expected) &&
    keysOf(actual).length === keysOf(expected).length &&
    compare(contentOf(actual), contentOf(expected), within)
  );
}

function contentOf(value: object): unknown {
  if (value instanceof Map || value instanceof Set) return [...(value as Iterable<unknown>)];
  if (value instanceof Date) return value.getTime();
  if (value instanceof ArrayBuffer) return new Uint8Array(value);
  return value instanceof RegExp || value instanceof URL ? value.toString() : undefined;
}

function keysOf(value: object): readonly PropertyKey[] {
  const own = Reflect.ownKeys(value).filter((key) =>
    Object.prototype.propertyIsEnumerable.call(value, key),
  );
  // the name of an error is inherited, and its message is not enumerable
  return value instanceof Error ? [...new Set([...own, 'name', 'message'])] : own;
}
