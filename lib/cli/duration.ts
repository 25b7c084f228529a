import { UsageError } from './usage-error.js';

const units: Readonly<Record<string, number>> = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000 };
/** A timer cannot wait longer. */
const longest = 2 ** 31 - 1;

/**
 * Reads a duration with its unit, such as `30s`.
 *
 * @returns milliseconds
 * @throws UsageError - no number, no unit, or more than a timer can wait
 */
export function parseDuration(option: string, text: string): number {
  const [, number, unit = ''] = /^(\d+(?:\.\d+)?)(ms|s|m|h)$/.exec(text) ?? [];
  const ms = Number(number) * (units[unit] ?? NaN);
  if (ms > 0 && ms <= longest) return ms;
  throw new UsageError(
    `${option} wants a duration with its unit, such as 500ms, 30s, 5m or 1h (at most 596h)`,
  );
}

/** As `parseDuration`. @returns `false` for `off` */
export function parseLimit(option: string, text: string): number | false {
  return text === 'off' ? false : parseDuration(option, text);
}

/**
 * Reads a whole number.
 *
 * @throws UsageError - no whole number, or less than `least`
 */
export function parseCount(option: string, text: string, least: number): number {
  const count = /^\d+$/.test(text) ? Number(text) : NaN;
  if (count >= least && Number.isSafeInteger(count)) return count;
  throw new UsageError(`${option} wants a whole number, ${String(least)} or more`);
}
