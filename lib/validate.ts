/** The vocabulary of input validation: one form of message, whatever was wrong. */
import { ConfigurationError } from './errors.js';

/** Throws a {@link ConfigurationError} unless the value is right. */
export type Check = (option: string, value: unknown) => void;

/** A check by a predicate. A value that may hold a secret is named by its kind alone. */
export const must =
  (expectation: string, test: (value: unknown) => unknown, secret?: boolean): Check =>
  (option, value) => {
    if (!test(value)) throw expected(option, expectation, value, secret);
  };

/** "expected `ackTimeout` to be …, got `"5s"` (string)". */
export function expected(
  option: string,
  expectation: string,
  got: unknown,
  secret?: boolean,
): ConfigurationError {
  const kind = kindOf(got);
  let shown = kind;
  // an object may have no text
  if (!secret && /^[snb]/.test(typeof got)) {
    const literal = typeof got === 'string' ? JSON.stringify(got) : String(got);
    shown = `\`${literal.slice(0, 60)}\` (${kind})`;
  }
  return new ConfigurationError(
    option,
    `expected \`${option}\` to be ${expectation}, got ${shown}`,
  );
}

/**
 * Checks an object of options.
 *
 * @param elsewhere - names of other libraries, and the names to use instead. With `null` unknown names pass, but for one that is almost a
 * known one that is not given
 * @throws ConfigurationError - a wrong value, or an unknown name: the one to use instead is told, or the nearest known one, or all.
 */
export function checkAll(
  what: string,
  given: unknown,
  checks: Readonly<Record<string, Check>>,
  prefix = '',
  elsewhere: Readonly<Record<string, string>> | null = {},
): void {
  must('an object', isObject, true)(`${what}s`, given);
  const known = Object.keys(checks);
  /** The message for an unknown name; empty if it passes. */
  const hintFor = (name: string) => {
    const near = known.reduce((a, b) => (likeness(b, name) > likeness(a, name) ? b : a));
    const isNear = likeness(near, name) >= 0.5;
    if (!elsewhere && (!isNear || Object.hasOwn(given as object, near))) return '';
    if (elsewhere && Object.hasOwn(elsewhere, name)) return `see \`${elsewhere[name]}\``;
    return isNear
      ? `did you mean \`${prefix}${near}\`?`
      : `known are ${known.map((each) => prefix + each).join(', ')}`;
  };
  for (const [name, value] of Object.entries(given as object)) {
    const option = prefix + name;
    if (known.includes(name)) {
      if (value !== undefined) checks[name]?.(option, value);
      continue;
    }
    const hint = hintFor(name);
    if (hint) throw new ConfigurationError(option, `unknown ${what} \`${option}\`: ${hint}`);
  }
}

/** "`variables` is no option: give the request `{ query, variables }`". */
export const misplaced = (name: string, what: string, where: string) =>
  new ConfigurationError(name, `\`${name}\` is no ${what}: give the ${where}`);

export const isFunction = (value: unknown): value is (...given: unknown[]) => unknown =>
  typeof value === 'function';

/** Neither null nor an array, nor a promise given where its value was meant. */
export const isObject = (value: unknown) => kindOf(value) === 'object';

export function kindOf(value: unknown): string {
  if (value == null) return String(value);
  if (Array.isArray(value)) return 'array';
  return isFunction((value as { then?: unknown }).then) ? 'promise' : typeof value;
}

/** The share of pairs of letters, first and last ones marked as such, that two names have in common: 1 = all. */
function likeness(known: string, name: string): number {
  const [one, other] = [` ${known} `.toLowerCase(), ` ${name} `.toLowerCase()];
  let shared = 0;
  for (let i = 2; i <= one.length; i += 1) {
    if (other.includes(one.slice(i - 2, i))) shared += 1;
  }
  return (2 * shared) / (one.length + other.length - 2);
}

/** Calls a function of the user's. @throws ConfigurationError - it threw. */
export function callUser<T>(option: string, callback: () => T): T {
  try {
    return callback();
  } catch (cause) {
    return failUser(option, cause);
  }
}

/** @throws ConfigurationError - a function or an Observable of the user's has failed. */
export function failUser(option: string, cause: unknown): never {
  throw new ConfigurationError(option, `the function \`${option}\` failed`, { cause });
}
