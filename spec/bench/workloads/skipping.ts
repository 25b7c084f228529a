import type { Mode } from '../clients/bench-client.js';
import type { FeedVariables } from '../feed.js';
import type { Task } from '../task.js';
import { fewRounds, sideBySide, times, type Workload } from '../workload.js';

const sizes = [
  ['100', 100, 1.6],
  ['1k', 1_000, 3],
  ['8k', 8_000, 4],
  ['300k', 300_000, 5],
] as const;

const task = (mode: Mode, feed: FeedVariables): Omit<Task, 'client'> => ({
  sample: 'throughput',
  mode,
  feed,
  warmUp: 500,
  measure: 100,
});

const [ours, theirs] = ['rx-graphql-ws', 'graphql-ws'] as const;
/** The cost of `ws.onmessage`, whoever listens. */
const skipsAll = 'bare ws, nothing decoded';
const processor = 'processor a result, graphql-ws to';
const rate = times('results a second, to graphql-ws', 'rate', ours, theirs);

/** Most results are dropped before they are decoded, where the client can. */
export const skipping: readonly Workload[] = [
  ...sizes.map(([name, size, atLeast]) => ({
    name: `audit-${name}`,
    variants: {
      ...sideBySide([ours, theirs], task('audit', { size })),
      [skipsAll]: { ...task('undecoded', { size }), client: 'bare ws' as const },
    },
    figures: [
      times(`${processor} ours`, 'cpu', theirs, ours, { atLeast }),
      rate,
      times(`${processor} ${skipsAll}`, 'cpu', theirs, skipsAll),
    ],
  })),
  {
    name: 'distinct-1k',
    variants: sideBySide([ours, theirs], task('distinct', { size: 1_000, repeat: 4 })),
    figures: [times(`${processor} ours`, 'cpu', theirs, ours), rate],
    mostRounds: fewRounds,
  },
];
