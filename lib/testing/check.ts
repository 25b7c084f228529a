import { show } from './show.js';

/** Throws a TypeError that names the option or the parameter, unless the value is right. */
export type Check = (name: string, value: unknown) => void;

type Checks = Readonly<Record<string, Check>>;

/** @param expectation - completes "expected `name` to be …" @param got - shows a wrong value; `kindOf` for one that may hold a secret */
export const must =
  (
    expectation: string,
    test: (value: unknown) => boolean,
    got: (value: unknown) => string = described,
    verb = 'be',
  ): Check =>
  (name, value) => {
    if (!test(value))
      throw new TypeError(`expected \`${name}\` to ${verb} ${expectation}, got ${got(value)}`);
  };

export const mustReturn = (expectation: string, test: (value: unknown) => boolean): Check =>
  must(expectation, test, kindOf, 'return');

export const optional =
  (check: Check): Check =>
  (name, value) => {
    if (value !== undefined) check(name, value);
  };

/**
 * Checks an object by a table; `undefined` counts as absent. `prefix` stands before each name (`tokens.`), `owner` before a message.
 * @throws TypeError for the first member that is unknown or wrong
 */
export function checkAll(
  name: string,
  given: unknown,
  checks: Checks,
  { kind = 'option', prefix = '', owner = '' } = {},
): void {
  must('an object', isObject, kindOf)(name, given);
  for (const [key, value] of Object.entries(given as object)) {
    if (!Object.hasOwn(checks, key))
      throw new TypeError(owner + unknownName(kind, key, Object.keys(checks), prefix));
    if (value !== undefined) (checks[key] as Check)(prefix + key, value);
  }
}

export function checkAllOf(owner: string, given: unknown, checks: Checks, kind = 'option'): void {
  checkAll(`${kind}s of ${owner}`, given, checks, { kind, owner: `${owner}: ` });
}

export const optionsOf =
  (checks: Checks): Check =>
  (name, value) =>
    checkAll(name, value, checks, { prefix: `${name}.` });

export const anything: Check = () => undefined;
export const callback = must('a function', isFunction);
export const flag = must('a boolean', isBoolean);
export const text = must('a text', isText);
export const duration = must('a number of milliseconds ≥ 0', isDuration);

export function oneOf(...values: readonly (string | number | boolean)[]): Check {
  const shown = values.map((value) => (typeof value === 'string' ? `'${value}'` : String(value)));
  const expectation = [shown.slice(0, -1).join(', '), ...shown.slice(-1)].join(' or ');
  return must(expectation, (value) => values.some((each) => each === value));
}

export const wholeNumber = (least: number): Check =>
  must(`a whole number ≥ ${least}`, (value) => isWhole(value, least));

export const wholeOrInfinity = (least: number): Check =>
  must(
    `a whole number ≥ ${least} or Infinity`,
    (value) => value === Infinity || isWhole(value, least),
  );

/** Whether `value` is a JSON object: neither `null` nor an array. */
export function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

export function isFunction(value: unknown): boolean {
  return typeof value === 'function';
}

export function isBoolean(value: unknown): boolean {
  return typeof value === 'boolean';
}

export function isText(value: unknown): value is string {
  return typeof value === 'string';
}

export function isWhole(value: unknown, least: number): value is number {
  return Number.isSafeInteger(value) && (value as number) >= least;
}

/** Whether a timer can wait for so long: Node fires at once beyond 2^31 ms. */
export function isDuration(value: unknown): value is number {
  return typeof value === 'number' && value >= 0 && value < 2 ** 31;
}

/** For messages that must not show the value. */
export function kindOf(value: unknown): string {
  if (value === null) return 'null';
  return Array.isArray(value) ? 'array' : typeof value;
}

function described(value: unknown): string {
  if (isText(value)) return `${show(value.slice(0, 60))} (string)`;
  return ['number', 'boolean', 'bigint'].includes(typeof value)
    ? `${String(value)} (${typeof value})`
    : kindOf(value);
}

export function unknownName(kind: string, name: string, known: readonly string[], prefix = '') {
  const nearest = nearestName(name, known);
  const hint = nearest ? `did you mean \`${prefix}${nearest}\`?` : `there are ${known.join(', ')}`;
  return `unknown ${kind} \`${prefix}${name}\`: ${hint}`;
}

/** Finds the known name that the user probably meant. Gives `undefined` when none is near. */
export function nearestName(name: string, known: readonly string[]): string | undefined {
  const near = known.map((each) => [likeness(each, name), each] as const);
  return near.sort(([a], [b]) => b - a).find(([share]) => share >= 0.5)?.[1];
}

/** The share of letter pairs that two names have in common: 1 means all, and a common beginning counts as half at least. */
function likeness(known: string, name: string): number {
  const [one, other] = [` ${known} `.toLowerCase(), ` ${name} `.toLowerCase()];
  const pairs = Array.from({ length: one.length - 1 }, (_, at) => one.slice(at, at + 2));
  const shared = pairs.filter((pair) => other.includes(pair)).length;
  const share = (2 * shared) / (one.length + other.length - 2);
  const [short = '', long = ''] = [one, other].sort((a, b) => a.length - b.length);
  return short.length > 4 && long.startsWith(short.trimEnd()) ? Math.max(share, 0.5) : share;
}
