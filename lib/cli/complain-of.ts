import type { Console } from './console-output.js';
import { causesOf, describeError } from './describe-error.js';

/** Tells the user of an error. `isDebug`: with its stack trace, and those of its causes. */
export function complainOf(
  error: unknown,
  { complain }: Pick<Console, 'complain'>,
  isDebug: boolean | undefined,
  document?: string,
): void {
  const [reason, ...more] = describeError(error, document);
  complain(`rxgql: ${reason}`, ...more);
  if (isDebug) for (const each of causesOf(error)) complain(...stackOf(each));
}

function stackOf(error: unknown): readonly string[] {
  return String((error as Error).stack ?? error).split('\n');
}
