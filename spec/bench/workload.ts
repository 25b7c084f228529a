import type { ClientName } from './clients/clients.js';
import { median } from '../helpers/measure/statistics.js';
import type { Sample, Task } from './task.js';

/** What is wanted of a figure. */
export type Target = { readonly atLeast: number } | { readonly atMost: number };

/** What was measured of each variant. */
export type Readings = Readonly<Record<string, Sample>>;

/** Measured side by side in turns, or one variant after another: all that was measured, and what was measured in each turn. */
export interface Round {
  readonly all: Readings;
  readonly turns: readonly Readings[];
}

/** Something that is computed of every round. */
export interface FigureSpec {
  readonly what: string;
  readonly unit: string;
  of(round: Round): number;
  /** Without it the figure is for information. */
  readonly target?: Target;
  /** Judged by each round for itself, however few there are: what hardly differs from run to run, or is a bound that no run may pass. */
  readonly everyRound?: boolean;
  /** Another figure of the workload: it is enough that one of them is met. */
  readonly orElse?: string;
}

/** What is measured together, side by side. */
export interface Workload {
  readonly name: string;
  readonly variants: Readonly<Record<string, Task>>;
  readonly figures: readonly FigureSpec[];
  /** The greatest number of rounds before a look, where one takes long or no target hangs on it. */
  readonly mostRounds?: number;
  /** For the processes that are measured. */
  readonly flags?: readonly string[];
}

/** Rounds of what is for information: all five values together have 94 %. */
export const fewRounds = 5;

/** The same task for clients side by side. */
export function sideBySide(
  clients: readonly ClientName[],
  task: Omit<Task, 'client'>,
): Readonly<Record<string, Task>> {
  return Object.fromEntries(clients.map((client) => [client, { ...task, client }]));
}

/** How many times one variant is another in one value; with a target that is wanted of it. */
export function times(
  what: string,
  value: string,
  variant: string,
  to: string,
  target?: Target,
): FigureSpec {
  return { what, unit: '×', of: ratio(value, variant, to), ...(target && { target }) };
}

/**
 * How many times one variant is another, in one value: the median over the turns, because the slices of a turn are neighbours, and a slow
 * moment of the machine spoils a few turns at most. A value that slices do not have is compared as a whole.
 */
export function ratio(value: string, variant: string, to: string): (round: Round) => number {
  return (round) => {
    const turns = round.turns.flatMap((turn) => {
      const [ours, theirs] = [turn[variant]?.[value], turn[to]?.[value]];
      return ours === undefined || theirs === undefined ? [] : [ours / theirs];
    });
    return turns.length > 0
      ? median(turns)
      : valueOf(round, variant, value) / valueOf(round, to, value);
  };
}

/** A measured value, which must be there: a name that is mistyped must not become a figure. */
export function valueOf(round: Round, variant: string, value: string): number {
  const found = round.all[variant]?.[value];
  if (found === undefined) throw new Error(`${variant} has no ${value}`);
  return found;
}
