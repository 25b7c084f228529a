import { unknownName } from './unknown-name.js';

/**
 * Checks the names of options, not their values.
 *
 * @param what - who takes them: `fakeSocket`, say
 * @param given - the options
 * @param known - the names that there are
 * @throws TypeError - one is unknown; the message names it, and what was probably meant
 */
export function checkNames(what: string, given: object, known: readonly string[]): void {
  const stray = Object.keys(given).find((name) => !known.includes(name));
  if (stray !== undefined) throw new TypeError(`${what}: ${unknownName('option', stray, known)}`);
}
