import { nearestName } from './nearest-name.js';

/**
 * The complaint about a name that there is not.
 *
 * @param kind - what it would be: an option, say
 * @param name - as it was written
 * @param known - the names that there are
 * @param prefix - of the names: `tokens.`, say
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
