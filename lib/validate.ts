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
  const literal = typeof got === 'string' ? JSON.stringify(got) : String(got);
  const shown =
    secret || !/^[snb]/.test(typeof got) ? kind : `\`${literal.slice(0, 60)}\` (${kind})`;
  return new ConfigurationError(
    option,
    `expected \`${option}\` to be ${expectation}, got ${shown}`,
  );
}

/** Checks an object of options. @throws ConfigurationError - a wrong value, or an unknown name: the nearest known one is told. */
export function checkAll(
  what: string,
  given: unknown,
  checks: Readonly<Record<string, Check>>,
  prefix = '',
): void {
  must('an object', isObject, true)(`${what}s`, given);
  for (const [name, value] of Object.entries(given as object)) {
    const option = prefix + name;
    if (!Object.hasOwn(checks, name)) {
      throw new ConfigurationError(
        option,
        `unknown ${what} \`${option}\`: the nearest known one is \`${nearest(name, checks)}\``,
      );
    }
    if (value !== undefined) checks[name]?.(option, value);
  }
}

export const isFunction = (value: unknown) => typeof value === 'function';

/** Neither null nor an array, nor a promise given where its value was meant. */
export const isObject = (value: unknown) => kindOf(value) === 'object';

export function kindOf(value: unknown): string {
  if (value == null) return String(value);
  if (Array.isArray(value)) return 'array';
  return isFunction((value as { then?: unknown }).then) ? 'promise' : typeof value;
}

/** The name that shares most of its pairs of letters. */
function nearest(name: string, checks: object): string {
  const likeness = (known: string) => {
    let shared = 0;
    for (let i = 1; i < known.length; i += 1) {
      if (name.includes(known.slice(i - 1, i + 1))) shared += 1;
    }
    return shared / known.length;
  };
  return Object.keys(checks).reduce((a, b) => (likeness(b) > likeness(a) ? b : a));
}

/** Calls a function of the user's. @throws ConfigurationError - it threw. */
export function callUser<T>(option: string, callback: () => T): T {
  try {
    return callback();
  } catch (cause) {
    throw new ConfigurationError(option, `the function \`${option}\` failed`, { cause });
  }
}
