import { unknownName } from '../check.js';
import { isObject } from './wire-message.js';

/** Throws a TypeError unless the value of an option is right. */
export type Check = (option: string, value: unknown) => void;

/**
 * A check by a predicate.
 *
 * @param expectation - completes "expected `option` to be …"
 * @param test - whether a value is right
 * @param secret - whether the value must not be shown
 */
export function must(
  expectation: string,
  test: (value: unknown) => boolean,
  secret = false,
): Check {
  return (option, value) => {
    if (test(value)) return;
    const got = secret ? kindOf(value) : show(value);
    throw new TypeError(`expected \`${option}\` to be ${expectation}, got ${got}`);
  };
}

/**
 * Checks an object of options.
 *
 * @param what - the name of the object
 * @param given - the object
 * @param checks - for each option there is
 * @param prefix - of the names in messages: `tokens.`, say
 * @param kind - what an entry of the object is called
 * @throws TypeError for an option that is unknown or wrong; one that is `undefined` was not given
 */
export function checkAll(
  what: string,
  given: unknown,
  checks: Readonly<Record<string, Check>>,
  prefix = '',
  kind: 'option' | 'member' = 'option',
): void {
  must('an object', isObject, true)(what, given);
  for (const [name, value] of Object.entries(given as object)) {
    const check = Object.hasOwn(checks, name) ? checks[name] : undefined;
    if (!check) throw new TypeError(unknownName(kind, name, Object.keys(checks), prefix));
    if (value !== undefined) check(prefix + name, value);
  }
}

/** A function. */
export const callback = must('a function', isFunction);

/** A boolean. */
export const flag = must('a boolean', (value) => typeof value === 'boolean');

/** A text. */
export const text = must('a text', isText);

/** A duration. */
export const duration = must('a number of milliseconds ≥ 0', isDuration);

/** A duration, or none. */
export const deadline = must(
  'a number of milliseconds ≥ 0 or false',
  (value) => value === false || isDuration(value),
);

/** One of a few values. */
export function oneOf(...values: readonly (string | number | boolean)[]): Check {
  const shown = values.map((value) => (typeof value === 'string' ? `'${value}'` : String(value)));
  const expectation = [shown.slice(0, -1).join(', '), ...shown.slice(-1)].join(' or ');
  return must(expectation, (value) => values.some((each) => each === value));
}

/** A number of things, or no limit. */
export function limitOf(unit: string, least = 0): Check {
  return must(
    `a number of ${unit} ≥ ${least} or false`,
    (value) => value === false || isWhole(value, least),
  );
}

/** A whole number. */
export function wholeNumber(least: number, most = Infinity): Check {
  return must(
    `a whole number ≥ ${least}${most === Infinity ? '' : ` and ≤ ${most}`}`,
    (value) => isWhole(value, least) && (value as number) <= most,
  );
}

/** A whole number, or Infinity. */
export function wholeOrInfinity(least: number): Check {
  return must(
    `a whole number ≥ ${least} or Infinity`,
    (value) => value === Infinity || isWhole(value, least),
  );
}

/** The same check, of what may be left out. */
export function optional(check: Check): Check {
  return (option, value) => {
    if (value !== undefined) check(option, value);
  };
}

/** Whether the value can be a timer's: beyond 2^31 ms Node fires at once. */
export function isDuration(value: unknown): boolean {
  return typeof value === 'number' && value >= 0 && value < 2 ** 31;
}

export function isFunction(value: unknown): boolean {
  return typeof value === 'function';
}

export function isText(value: unknown): boolean {
  return typeof value === 'string';
}

function isWhole(value: unknown, least: number): boolean {
  return Number.isSafeInteger(value) && (value as number) >= least;
}

function show(value: unknown): string {
  if (typeof value === 'string') return `${JSON.stringify(value.slice(0, 60))} (string)`;
  return ['number', 'boolean', 'bigint'].includes(typeof value)
    ? `${String(value)} (${typeof value})`
    : kindOf(value);
}

/** What a value is, where the value itself is not to be shown. */
export function kindOf(value: unknown): string {
  if (value === null) return 'null';
  return Array.isArray(value) ? 'array' : typeof value;
}
