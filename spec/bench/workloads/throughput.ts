import type { FeedVariables } from '../feed.js';
import { fewRounds, sideBySide, times, type Workload } from '../workload.js';

const ours = 'rx-graphql-ws';
const task = (feed: FeedVariables, legacy = false) =>
  ({ sample: 'throughput', legacy, feed, warmUp: 500, measure: 50 }) as const;

/** The part of the processor that ours takes, which the floor must take at least. */
const floors: readonly (readonly [name: string, size: number, floor?: number])[] = [
  ['100', 100, 0.95],
  ['1k', 1_000, 0.98],
  ['8k', 8_000, 1],
  ['300k', 300_000],
  ['1m', 1_000_000],
];

const rate = (to: string, atLeast?: number) =>
  times(`results a second, to ${to}`, 'rate', ours, to, atLeast ? { atLeast } : undefined);
const processor = (to: string) => times(`processor a result, to ${to}`, 'cpu', ours, to);

/** Every result is decoded. */
export const throughput: readonly Workload[] = [
  ...floors.map(([name, size, floor]) => ({
    name: `throughput-${name}`,
    variants: sideBySide([ours, 'bare ws', 'graphql-ws'], task({ size })),
    figures: [
      times(
        'processor a result, bare ws to ours',
        'cpu',
        'bare ws',
        ours,
        floor ? { atLeast: floor } : undefined,
      ),
      rate('graphql-ws', 1),
      rate('bare ws'),
      processor('graphql-ws'),
    ],
  })),
  ...floors.slice(0, 2).map(([name, size]) => ({
    name: `legacy-${name}`,
    variants: sideBySide([ours, 'bare ws', 'subscriptions-transport-ws'], task({ size }, true)),
    figures: [
      rate('bare ws'),
      rate('subscriptions-transport-ws'),
      processor('bare ws'),
      processor('subscriptions-transport-ws'),
    ],
    mostRounds: fewRounds,
  })),
  {
    // the same results, their fields in alphabetical order
    name: 'sorted-1k',
    variants: sideBySide([ours, 'bare ws', 'graphql-ws'], task({ size: 1_000, sorted: true })),
    figures: [rate('bare ws'), rate('graphql-ws'), processor('bare ws'), processor('graphql-ws')],
    mostRounds: fewRounds,
  },
];
