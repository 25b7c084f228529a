import type { MedianInterval } from '../helpers/measure/median-interval.js';
import type { Target } from './workload.js';

export type Verdict = 'met' | 'missed' | 'undecided';

/** A verdict, and why there is none yet. */
export interface Judgement {
  readonly verdict: Verdict;
  readonly why?: 'too few rounds' | 'too wide an interval';
}

/** The least probability with which the interval of a figure with a target holds the true median. A run looks three times at most: all its looks together err with less than 10 %. */
export const sure = 0.97;
/** Half of an interval, as a part of its median: below it a target in the interval is so near that the median may decide. */
const narrow = 0.05;

/** Compares where the true median lies with a target. */
export function judgeInterval(
  target: Target,
  { median, low, high, confidence }: MedianInterval,
): Judgement {
  if (confidence < sure) return { verdict: 'undecided', why: 'too few rounds' };
  if (reaches(target, low) === reaches(target, high)) return judgeValue(target, low);
  if ((high - low) / 2 < narrow * Math.abs(median)) return judgeValue(target, median);
  return { verdict: 'undecided', why: 'too wide an interval' };
}

/** Compares each value by itself. */
export function judgeEach(target: Target, values: readonly number[]): Judgement {
  if (values.length === 0) return { verdict: 'undecided', why: 'too few rounds' };
  return { verdict: values.every((value) => reaches(target, value)) ? 'met' : 'missed' };
}

/** One figure of several is enough. */
export function judgeEither(judgements: readonly Judgement[]): Judgement {
  const undecided = judgements.find(({ verdict }) => verdict === 'undecided');
  const met = judgements.find(({ verdict }) => verdict === 'met');
  return met ?? undecided ?? { verdict: 'missed' };
}

function judgeValue(target: Target, value: number): Judgement {
  return { verdict: reaches(target, value) ? 'met' : 'missed' };
}

function reaches(target: Target, value: number): boolean {
  return 'atLeast' in target ? value >= target.atLeast : value <= target.atMost;
}
