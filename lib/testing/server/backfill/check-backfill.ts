import { callback, checkAll, isDuration, limitOf, must, type Check } from '../check.js';
import type { BackfillOptions } from './backfill-options.js';

const checks: Readonly<Record<keyof BackfillOptions, Check>> = {
  latency: must(
    'a number of milliseconds ≥ 0, or the least and the most of them',
    (value) => isDuration(value) || (Array.isArray(value) && isPair(value)),
  ),
  horizon: must(
    'a number of milliseconds ≥ 0 or false',
    (value) => value === false || (Number.isFinite(value) && (value as number) >= 0),
  ),
  maxRows: limitOf('rows', 1),
  authorize: callback,
};

/** Checks how POSTs are to be answered. */
export const checkBackfill: Check = (option, value) => {
  checkAll(option, value, checks, `${option}.`);
};

function isPair([least, most, ...others]: readonly unknown[]): boolean {
  return (
    others.length === 0 &&
    isDuration(least) &&
    isDuration(most) &&
    (least as number) <= (most as number)
  );
}
