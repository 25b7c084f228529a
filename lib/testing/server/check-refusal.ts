import { must, optional, text, type Check } from './check.js';
import { checkHeaders } from './check-headers.js';
import type { HttpRefusal } from './verdict.js';

/** A status from the least on. */
export function statusFrom(least: number): Check {
  return must(
    `an HTTP status from ${least} to 999`,
    (value) => Number.isInteger(value) && (value as number) >= least && (value as number) < 1_000,
  );
}

/** The checks of an HTTP answer's members, apart from its status. */
export const contentChecks = {
  headers: optional(checkHeaders),
  body: optional(text),
} satisfies Partial<Record<keyof HttpRefusal, Check>>;
