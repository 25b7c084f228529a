import { isObject } from './is-equal.js';
import { show } from './show.js';

/** Throws a TypeError unless the value is right. */
export type Check = (name: string, value: unknown) => void;

/**
 * Makes a check from a predicate.
 *
 * @param expectation - completes "expected `ws` to be …"
 */
export const must =
  (expectation: string, test: (value: unknown) => boolean): Check =>
  (name, value) => {
    if (test(value)) return;
    throw new TypeError(`expected \`${name}\` to be ${expectation}, got ${show(value)}`);
  };

export const aFunction = must('a function', (value) => typeof value === 'function');
export const aBoolean = must('a boolean', (value) => typeof value === 'boolean');
export const aDuration = must('a number of milliseconds', isDuration);
export const anObject = must('an object', isObject);
export const anything: Check = () => undefined;

function isDuration(value: unknown): boolean {
  return typeof value === 'number' && value >= 0;
}

/**
 * Checks an object by a table. A member that is `undefined` counts as absent.
 *
 * @param owner - the function that takes the object, for messages
 * @param checks - by the names of the members
 * @throws TypeError - the object has an unknown or a wrong member
 */
export function checkAll(
  owner: string,
  given: unknown,
  checks: Readonly<Record<string, Check>>,
  kind = 'option',
): void {
  anObject(`${kind}s of ${owner}`, given);
  for (const [name, value] of Object.entries(given as object)) {
    const check = Object.hasOwn(checks, name) ? checks[name] : undefined;
    if (!check) throw new TypeError(`${owner}: ${unknownName(kind, name, Object.keys(checks))}`);
    if (value !== undefined) check(name, value);
  }
}

/**
 * Describes an unknown name.
 *
 * @param kind - the kind of thing that the name should name, for example "option"
 * @param known - the names that exist
 * @param prefix - stands before each name, for example `tokens.`
 */
export function unknownName(
  kind: string,
  name: string,
  known: readonly string[],
  prefix = '',
): string {
  const nearest = nearestName(name, known);
  const hint =
    nearest === undefined
      ? `there are ${known.join(', ')}`
      : `did you mean \`${prefix}${nearest}\`?`;
  return `unknown ${kind} \`${prefix}${name}\`: ${hint}`;
}

/** Finds the known name that the user probably meant. Gives `undefined` when none is near. */
export function nearestName(name: string, known: readonly string[]): string | undefined {
  const candidates = known
    .map((each) => ({ each, likeness: likeness(each, name) }))
    .sort((a, b) => b.likeness - a.likeness);
  return candidates.find((candidate) => candidate.likeness >= 0.5)?.each;
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
