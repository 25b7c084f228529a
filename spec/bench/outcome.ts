import type { MedianInterval } from '../helpers/measure/median-interval.js';
import type { Sample } from './task.js';
import type { Judgement } from './verdict.js';
import type { Target } from './workload.js';

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
