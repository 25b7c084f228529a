import { callback, checkAll, flag, must, type Check } from '../check.js';
import type { FeedOptions } from './feed-options.js';

const rows = must(
  'a number of rows ≥ 1',
  (value) => Number.isSafeInteger(value) && (value as number) > 0,
);

const every = must(
  'a number of milliseconds ≥ 0.01',
  (value) => Number.isFinite(value) && (value as number) >= 0.01,
);

const checks: Readonly<Record<keyof FeedOptions, Check>> = {
  every,
  row: callback,
  number: callback,
  field: must('a name', (value) => typeof value === 'string' && value !== ''),
  perMessage: rows,
  limit: rows,
  start: must('an instant, in ms since the epoch', isInstant),
  replay: flag,
};

/** Checks the options of a feed. */
export const checkFeed: Check = (option, value) => {
  checkAll(option, value, checks, `${option}.`);
  every(`${option}.every`, (value as FeedOptions).every);
};

/** Within a hundredth of what a Date can hold: however small `every` is, the numbers of its rows are safe integers. */
function isInstant(value: unknown): boolean {
  return typeof value === 'number' && Math.abs(value) <= 8.64e13;
}
