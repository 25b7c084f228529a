import type { FaultKind } from './schedule.js';
import type { Findings } from './figure.js';
import type { Direction } from './inject.js';
import type { Sabotage } from './programs.js';

/** What a run was asked for. */
export interface Request {
  readonly seed: number;
  /** Of the storm. */
  readonly seconds: number;
  readonly kinds: readonly FaultKind[];
  readonly legacy: boolean;
  /** Of the black holes of `resumed` and the freezes of `frozen`. */
  readonly repeat: number;
  /** Under 20 % loss, in each of `losses`. */
  readonly lossSeconds: number;
  readonly losses: readonly Direction[];
  readonly sabotage: Sabotage | undefined;
  /** Tells how things go. */
  readonly tell: (text: string) => void;
}

/** One of the things that chaos shows, in a network of its own. */
export type Scenario = (request: Request) => Promise<Findings>;
