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
  /** How many times, subscribers or operations there are, where that is what the sample varies. */
  readonly count?: number;
  /** Whether what waits for a slow consumer waits without a bound, as rxjs does it. */
  readonly unbounded?: boolean;
  /** ms, at least, that nothing is measured, so that all has run as often as it takes to be optimised. */
  readonly warmUp: number;
  /** ms that are measured, about. */
  readonly measure: number;
}

/** A task, and where the server is. */
export interface PlacedTask extends Task {
  readonly url: string;
}

/** What was measured, by name. */
export type Sample = Readonly<Record<string, number>>;

/** Why there is no sample. */
export interface NoSample {
  readonly failure: string;
}

export type TakeSample = (task: PlacedTask) => Promise<Sample>;
