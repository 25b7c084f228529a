import { medianInterval, type MedianInterval } from '../helpers/measure/median-interval.js';
import type { FigureSpec, Round, Target } from './workload.js';
import type { Sample } from './task.js';

/** A figure of a workload. One without a target has no verdict. */
export interface Figure extends MedianInterval, Partial<Judgement> {
  readonly what: string;
  readonly unit: string;
  readonly target?: Target;
}

/** What came of a workload. */
export interface Outcome {
  readonly name: string;
  /** How many samples each variant has. */
  readonly rounds: number;
  /** The medians of what was measured of each variant. */
  readonly variants: Readonly<Record<string, Sample>>;
  readonly figures: readonly Figure[];
}

/** A workload without figures. */
export interface Failed {
  readonly name: string;
  readonly reason: string;
}

/** A run, and where it was. */
export interface Run {
  readonly date: string;
  readonly node: string;
  readonly machine: string;
  readonly command: string;
  readonly seconds: number;
  readonly outcomes: readonly Outcome[];
  readonly failed: readonly Failed[];
}

export type Verdict = 'met' | 'missed' | 'undecided';

/** A verdict, and why there is none yet. */
export interface Judgement {
  readonly verdict: Verdict;
  readonly why?: 'too few rounds' | 'too wide an interval';
}

/** The least probability with which the interval of a figure with a target holds the true median. A run looks three times at most: all its looks together err with less than 10 %. */
const sure = 0.97;
/** The same for figures that are for information. */
const likely = 0.9;
/** Half of an interval, as a part of its median: below it a target in the interval is so near that the median may decide. */
const narrow = 0.05;

/** The figures of all rounds, beside their targets. */
export function judge(specs: readonly FigureSpec[], rounds: readonly Round[]): readonly Figure[] {
  return specs.map((spec) => {
    const { what, unit, target, orElse } = spec;
    const interval = medianInterval(rounds.map(spec.of), target ? sure : likely);
    const enough = specs.filter((one) => one === spec || one.what === orElse);
    const judgement = target && judgeEither(enough.flatMap((one) => judgementOf(one, rounds)));
    return { what, unit, ...interval, ...(judgement && { target, ...judgement }) };
  });
}

function judgementOf(
  { of, target, everyRound = false }: FigureSpec,
  rounds: readonly Round[],
): readonly Judgement[] {
  const values = rounds.map(of);
  if (!target) return [];
  // NaN is not measured: it has no place in an order
  if (everyRound || values.some(Number.isNaN)) return [judgeEach(target, values)];
  return [judgeInterval(target, medianInterval(values, sure))];
}

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
function judgeEach(target: Target, values: readonly number[]): Judgement {
  if (values.length === 0) return { verdict: 'undecided', why: 'too few rounds' };
  return { verdict: values.every((value) => reaches(target, value)) ? 'met' : 'missed' };
}

/** One figure of several is enough. */
function judgeEither(judgements: readonly Judgement[]): Judgement {
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
