import { readFileSync } from 'node:fs';
import type { Run } from './outcome.js';

/**
 * A run that `--json` wrote.
 *
 * @throws Error - there is no such file, or something else is in it
 */
export function readRun(file: string): Run {
  const run = parsed(file);
  if (!isRun(run)) throw new Error(`--from ${file}: this is not what --json writes`);
  return run;
}

function parsed(file: string): unknown {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch (error) {
    throw new Error(`--from ${file}: ${String(error)}`, { cause: error });
  }
}

function isRun(value: unknown): value is Run {
  const { date, node, machine, command, seconds, outcomes, failed } = object(value);
  return (
    [date, node, machine, command].every((one) => typeof one === 'string') &&
    typeof seconds === 'number' &&
    isList(outcomes, (one) => isNamed(one) && isOutcome(object(one))) &&
    isList(failed, isNamed)
  );
}

function isOutcome({ rounds, variants, figures }: Record<string, unknown>): boolean {
  return (
    typeof rounds === 'number' &&
    typeof variants === 'object' &&
    variants !== null &&
    isList(figures, (one) => typeof object(one).median === 'number')
  );
}

function isNamed(value: unknown): boolean {
  return typeof object(value).name === 'string';
}

function isList(value: unknown, is: (one: unknown) => boolean): boolean {
  return Array.isArray(value) && value.every(is);
}

function object(value: unknown): Record<string, unknown> {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
}
