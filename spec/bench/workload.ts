import type { ClientName } from './clients/clients.js';
import type { Sample, Task } from './task.js';

/** What is wanted of a figure. */
export type Target = { readonly atLeast: number } | { readonly atMost: number };

/** One sample of each variant, taken side by side or one after another. */
export type Round = Readonly<Record<string, Sample>>;

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

/** How many times one variant is another, in one value. */
export function ratio(value: string, variant: string, to: string): (round: Round) => number {
  return (round) => valueOf(round, variant, value) / valueOf(round, to, value);
}

/** A measured value, which must be there: a name that is mistyped must not become a figure. */
export function valueOf(round: Round, variant: string, value: string): number {
  const found = round[variant]?.[value];
  if (found === undefined) throw new Error(`${variant} has no ${value}`);
  return found;
}
