import { isObject } from './is-object.js';

/**
 * Whether a value is what was expected: objects, arrays, maps and sets by what they hold, dates, addresses and regular expressions by
 * what they say, everything else as `Object.is` has it. An error is what was expected when it has all members of what was expected:
 * of another error its name and message too.
 */
export function isEqual(actual: unknown, expected: unknown): boolean {
  return compare(actual, expected, []);
}

type Pair = readonly [actual: object, expected: object];

/** @param within - the pairs that these two are part of: a cycle is equal as far as it goes */
function compare(actual: unknown, expected: unknown, within: readonly Pair[]): boolean {
  if (Object.is(actual, expected)) return true;
  if (!isObject(actual) || !isObject(expected)) return false;
  if (within.some(([one, other]) => one === actual && other === expected)) return true;
  const inside = [...within, [actual, expected] as const];
  const keys = keysOf(expected);
  const holds = keys.every((key) => key in actual && compare(actual[key], expected[key], inside));
  if (actual instanceof Error) return holds;
  return (
    holds &&
    Object.getPrototypeOf(actual) === Object.getPrototypeOf(expected) &&
    keys.length === keysOf(actual).length &&
    compare(contentOf(actual), contentOf(expected), inside)
  );
}

/** What an object holds besides its own members. */
function contentOf(value: object): unknown {
  if (value instanceof Map || value instanceof Set) return [...(value as Iterable<unknown>)];
  if (value instanceof Date) return value.getTime();
  if (value instanceof ArrayBuffer) return new Uint8Array(value);
  const says = value instanceof RegExp || value instanceof URL;
  return says ? value.toString() : undefined;
}

function keysOf(value: object): readonly PropertyKey[] {
  // inherited or not enumerable, and what an error is about
  const hidden = value instanceof Error ? ['name', 'message'] : [];
  const own = Reflect.ownKeys(value).filter((key) =>
    Object.prototype.propertyIsEnumerable.call(value, key),
  );
  return [...new Set([...own, ...hidden])];
}
