import { nearestName } from '../../check.js';

/**
 * Checks a name.
 *
 * @param what - it is the name of
 * @throws TypeError when it is none of the known names
 */
export function expectName(what: string, name: string, known: readonly string[]): void {
  if (known.includes(name)) return;
  const nearest = nearestName(name, known);
  const hint =
    nearest === undefined ? `there are ${known.join(', ')}` : `did you mean '${nearest}'?`;
  throw new TypeError(`unknown ${what} '${name}': ${hint}`);
}
