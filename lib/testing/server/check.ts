import { unknownName } from '../check.js';
import { isObject } from './wire-message.js';

/** Throws a TypeError that names the option or the parameter, unless the value is right. */
export type Check = (name: string, value: unknown) => void;

/**
 * Makes a check from a predicate.
 * @param expectation - completes "expected `name` to be …"
 * @param test - tells whether a value is right
 * @param secret - the message shows the kind of the value, not the value itself
 */
export function must(
  expectation: string,
  test: (value: unknown) => boolean,
  secret = false,
): Check {
  return (name, value) => {
    if (test(value)) return;
    const got = secret ? kindOf(value) : show(value);
    throw new TypeError(`expected \`${name}\` to be ${expectation}, got ${got}`);
  };
}

/**
 * Makes a check for the result of a function of the user's.
 * @param expectation - completes "expected `name` to return …"
 */
export function mustReturn(expectation: string, test: (value: unknown) => boolean): Check {
  return (name, value) => {
    if (test(value)) return;
    throw new TypeError(`expected \`${name}\` to return ${expectation}, got ${kindOf(value)}`);
  };
}

/**
 * Checks every entry of an object. An entry that is `undefined` counts as absent.
 * @param name - the object's name in messages
 * @param given - the object
 * @param checks - a check for each known entry
 * @param prefix - precedes the names of entries in messages: `tokens.`, for example
 * @param kind - the word for an entry in messages
 * @throws TypeError for the first entry that is unknown or wrong
 */
export function checkAll(
  name: string,
  given: unknown,
  checks: Readonly<Record<string, Check>>,
  prefix = '',
  kind: 'option' | 'member' = 'option',
): void {
  must('an object', isObject, true)(name, given);
  for (const [key, value] of Object.entries(given as object)) {
    const check = Object.hasOwn(checks, key) ? checks[key] : undefined;
    if (!check) throw new TypeError(unknownName(kind, key, Object.keys(checks), prefix));
    if (value !== undefined) check(prefix + key, value);
  }
}

/** Checks an object of options that is itself an option. */
export function optionsOf(checks: Readonly<Record<string, Check>>): Check {
  return (name, value) => {
    checkAll(name, value, checks, `${name}.`);
  };
}

export const anything: Check = () => undefined;

export const callback = must('a function', isFunction);

export const flag = must('a boolean', (value) => typeof value === 'boolean');

export const text = must('a text', isText);

export const duration = must('a number of milliseconds ≥ 0', isDuration);

export const deadline = must(
  'a number of milliseconds ≥ 0 or false',
  (value) => value === false || isDuration(value),
);

/** A check for one of a few values. */
export function oneOf(...values: readonly (string | number | boolean)[]): Check {
  const shown = values.map((value) => (typeof value === 'string' ? `'${value}'` : String(value)));
  const expectation = [shown.slice(0, -1).join(', '), ...shown.slice(-1)].join(' or ');
  return must(expectation, (value) => values.some((each) => each === value));
}

/** A check for a number of things, or `false` for no limit. */
export function limitOf(unit: string, least = 0): Check {
  return must(
    `a number of ${unit} ≥ ${least} or false`,
    (value) => value === false || isWhole(value, least),
  );
}

export function wholeNumber(least: number): Check {
  return must(`a whole number ≥ ${least}`, (value) => isWhole(value, least));
}

export function wholeOrInfinity(least: number): Check {
  return must(
    `a whole number ≥ ${least} or Infinity`,
    (value) => value === Infinity || isWhole(value, least),
  );
}

/** The same check, for a value that may be absent. */
export function optional(check: Check): Check {
  return (name, value) => {
    if (value !== undefined) check(name, value);
  };
}

/** Whether a timer can wait for so long: Node fires at once beyond 2^31 ms. */
export function isDuration(value: unknown): value is number {
  return typeof value === 'number' && value >= 0 && value < 2 ** 31;
}

export function isFunction(value: unknown): boolean {
  return typeof value === 'function';
}

export function isText(value: unknown): value is string {
  return typeof value === 'string';
}

export function isWhole(value: unknown, least: number): value is number {
  return Number.isSafeInteger(value) && (value as number) >= least;
}

/** Names the type of a value, for messages that must not show the value. */
export function kindOf(value: unknown): string {
  if (value === null) return 'null';
  return Array.isArray(value) ? 'array' : typeof value;
}

function show(value: unknown): string {
  if (typeof value === 'string') return `${JSON.stringify(value.slice(0, 60))} (string)`;
  return ['number', 'boolean', 'bigint'].includes(typeof value)
    ? `${String(value)} (${typeof value})`
    : kindOf(value);
}

const maxReasonBytes = 123;

/**
 * Checks the code and the reason of a close frame.
 * @throws TypeError when RFC 6455 does not allow the code, or the reason has more than 123 bytes or no code
 */
export function checkClose(code: unknown, reason: unknown): void {
  if (code !== undefined) closeCode('code', code);
  else if (reason !== undefined) throw new TypeError('expected `code` to be given with a `reason`');
  checkReason(reason);
}

/** Checks the reason of a close frame, which may be absent. */
export function checkReason(reason: unknown): void {
  if (reason === undefined) return;
  text('reason', reason);
  const bytes = Buffer.byteLength(reason as string);
  if (bytes > maxReasonBytes)
    throw new TypeError(
      `expected \`reason\` to have at most ${maxReasonBytes} bytes, got ${bytes}`,
    );
}

/** Whether a close frame may carry the code: RFC 6455, section 7.4. */
export function isCloseCode(code: unknown): boolean {
  if (!Number.isInteger(code)) return false;
  const number = code as number;
  const registered = number >= 1000 && number <= 1014 && ![1004, 1005, 1006].includes(number);
  return registered || (number >= 3000 && number <= 4999);
}

const closeCode = must('a close code: 1000–1003, 1007–1014 or 3000–4999', isCloseCode);
