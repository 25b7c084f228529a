import type { ClientName } from './clients/clients.js';
import type { Mode } from './clients/bench-client.js';
import type { FeedVariables } from './feed.js';
import type { SampleName } from './samples/samples.js';

/** What one process measures. */
export interface Task {
  readonly sample: SampleName;
  readonly client: ClientName;
  readonly legacy?: boolean;
  readonly mode?: Mode;
  readonly feed: FeedVariables;
  /** How many subscribers or operations there are, where that is what the sample varies; or how many have been before any is measured. */
  readonly count?: number;
  /** Whether what waits for a slow consumer waits without a bound, as rxjs does it. */
  readonly unbounded?: boolean;
  /** ms, at least, that nothing is measured, so that all has run as often as it takes to be optimised. */
  readonly warmUp: number;
  /** ms that are measured, about; of a sample that is taken in slices, those of one slice. */
  readonly measure: number;
}

/** A task, and where the server is. */
export interface PlacedTask extends Task {
  readonly url: string;
}

/** What was measured, by name. */
export type Sample = Readonly<Record<string, number>>;

/** A process is told to do one of these. It answers when it has done so, with the sample of a slice, or at the end of all, and is idle until it is told the next. */
export type Order = 'warm' | 'slice' | 'end';

/** Why a process could not do what it was told. */
export interface NoSample {
  readonly failure: string;
}

/** Takes a whole sample: the process is of no use afterwards. */
export type TakeSample = (task: PlacedTask) => Promise<Sample>;

/** A client that is warm, and is measured when that is asked for. */
export interface Slices {
  /** Measures for a short while, and gives what can be compared slice by slice. Before and after it nothing is under way. */
  slice(): Promise<Sample>;
  /** The sample of all slices together. */
  end(): Sample;
}

export type WarmUp = (task: PlacedTask) => Promise<Slices>;
