import type { ClientName } from '../clients/clients.js';
import type { FeedVariables } from '../feed.js';
import type { SampleName } from '../samples/samples.js';
import { fewRounds, sideBySide, times, type Workload } from '../workload.js';

const all = ['rx-graphql-ws', 'bare ws', 'graphql-ws'] as const;

interface Paced {
  readonly name: string;
  readonly sample: SampleName;
  readonly feed: FeedVariables;
  readonly legacy?: boolean;
  readonly among?: readonly ClientName[];
  readonly measure: number;
  /** What is compared, and what it is, value by value. */
  readonly compared: Readonly<Record<string, string>>;
}

function paced({ name, among = all, compared, legacy = false, ...task }: Paced): Workload {
  const [ours = all[0], ...theirs] = among;
  return {
    name,
    variants: sideBySide(among, { ...task, legacy, warmUp: 300 }),
    figures: theirs.flatMap((to) =>
      Object.entries(compared).map(([value, what]) => times(`${what}, to ${to}`, value, ours, to)),
    ),
    mostRounds: fewRounds,
  };
}

/** Rows of 1 kB, 6 of them in the middle. */
const filteredSizes = [6, 2, 20, 5, 1, 8, 3, 35, 4, 6, 14, 60, 10].map((rows) => rows * 1_000);
/** Every tenth is as large as a feed with a limit of rows makes it. */
const firehoseSizes = [...Array.from({ length: 9 }, () => 305_000), 976_000];

/** Feeds that leave the client time. */
export const pacedFeeds: readonly Workload[] = [
  paced({
    name: 'quiet',
    sample: 'quiet',
    legacy: true,
    feed: { size: 100, rate: 1 / 1.2, keepAlive: 400 },
    among: ['rx-graphql-ws', 'bare ws'],
    measure: 5_000,
    compared: { perSecond: 'processor in a second' },
  }),
  paced({
    name: 'filtered',
    sample: 'latency',
    feed: { size: 6_000, sizes: filteredSizes, rate: 100 },
    among: ['rx-graphql-ws', 'graphql-ws'],
    measure: 1_200,
    compared: { p50: 'median age of a result', p99: '99th percentile of its age' },
  }),
  paced({
    name: 'firehose',
    sample: 'event-loop',
    feed: { size: 305_000, sizes: firehoseSizes, rate: 25 },
    measure: 1_600,
    compared: { p99: '99th percentile of the delay of the event loop' },
  }),
  paced({
    name: 'bursts',
    sample: 'paced',
    feed: { size: 1_000, rate: 100, burst: 1_000 },
    measure: 1_100,
    compared: { cpu: 'processor a result' },
  }),
  ...[['huge-1m', 1_200_000] as const, ['huge-12m', 12_000_000] as const].map(([name, size]) =>
    paced({
      name,
      sample: 'event-loop',
      feed: { size, rate: 2 },
      measure: 1_200,
      compared: { longest: 'the longest block' },
    }),
  ),
];
