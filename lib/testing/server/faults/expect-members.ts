import { checkAll, must, type Check } from '../check.js';
import { isObject } from '../wire-message.js';

/**
 * Checks a fault that is an object.
 *
 * @param parameter - that it is given as
 * @param fault - is it
 * @param members - checks of what it may have
 * @param names - the list of faults that have a name
 * @param kinds - the members of which it has one, and only one
 * @throws TypeError when it is not like that
 */
export function expectMembers(
  parameter: string,
  fault: unknown,
  members: Readonly<Record<string, Check>>,
  names: string,
  kinds: readonly string[],
): void {
  const shown = kinds.map((kind) => `\`${kind}\``).join(', ');
  const expectation = `one of \`${names}\`, or an object with one of ${shown}`;
  must(expectation, isObject)(parameter, fault);
  checkAll(parameter, fault, members, '', 'member');
  const given = kinds.filter((kind) => kind in (fault as object));
  must(expectation, () => given.length === 1)(parameter, fault);
}
