import { text } from 'node:stream/consumers';
import type { Environment } from './environment.js';
import { readNamed } from './key-value.js';
import { UsageError } from './usage-error.js';

/**
 * The text of the document: the argument, `--file`, or standard input.
 *
 * @throws UsageError - there is none, or two
 */
export async function readQuery(
  argument: string | undefined,
  file: string | undefined,
  { stdin }: Pick<Environment, 'stdin'>,
): Promise<string> {
  if (argument !== undefined && file !== undefined)
    throw new UsageError('give the document as an argument or by --file, not both');
  const query = argument ?? (await readInput(file, stdin));
  if (query.trim()) return query;
  throw new UsageError('the document is empty');
}

async function readInput(file: string | undefined, stdin: Environment['stdin']): Promise<string> {
  if (file !== undefined && file !== '-') return readNamed('--file', file);
  if (file === undefined && stdin.isTTY)
    throw new UsageError(
      'there is no document: give it as an argument, by --file, or on standard input',
    );
  return text(stdin);
}
