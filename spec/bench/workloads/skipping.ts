import type { Mode } from '../clients/bench-client.js';
import type { ClientName } from '../clients/clients.js';
import type { FeedVariables } from '../feed.js';
import type { Task } from '../task.js';
import { fewRounds, ratio, type FigureSpec, type Workload } from '../workload.js';

const sizes = [
  ['100', 100, 1.6],
  ['1k', 1_000, 3],
  ['8k', 8_000, 4],
  ['300k', 300_000, 5],
] as const;

const task = (client: ClientName, mode: Mode, feed: FeedVariables): Task => ({
  sample: 'throughput',
  client,
  mode,
  feed,
  warmUp: 500,
  measure: 100,
});

function sideBySide(
  name: string,
  mode: Mode,
  feed: FeedVariables,
  more: Readonly<Record<string, Task>>,
  atLeast?: number,
): Workload {
  return {
    name,
    variants: {
      'rx-graphql-ws': task('rx-graphql-ws', mode, feed),
      'graphql-ws': task('graphql-ws', mode, feed),
      ...more,
    },
    figures: [
      {
        what: 'processor a result, graphql-ws to ours',
        unit: '×',
        of: ratio('cpu', 'graphql-ws', 'rx-graphql-ws'),
        ...(atLeast !== undefined && { target: { atLeast } }),
      },
      {
        what: 'results a second, to graphql-ws',
        unit: '×',
        of: ratio('rate', 'rx-graphql-ws', 'graphql-ws'),
      },
    ],
  };
}

/** What `ws.onmessage` costs, whoever listens. */
const skipsAll = 'bare ws, nothing decoded';
const greatest: FigureSpec = {
  what: `processor a result, graphql-ws to ${skipsAll}`,
  unit: '×',
  of: ratio('cpu', 'graphql-ws', skipsAll),
};

/** Most results are dropped before they are decoded, where the client can. */
export const skipping: readonly Workload[] = [
  ...sizes.map(([name, size, target]) => {
    const workload = sideBySide(
      `audit-${name}`,
      'audit',
      { size },
      { [skipsAll]: task('bare ws', 'undecoded', { size }) },
      target,
    );
    return { ...workload, figures: [...workload.figures, greatest] };
  }),
  {
    ...sideBySide('distinct-1k', 'distinct', { size: 1_000, repeat: 4 }, {}),
    mostRounds: fewRounds,
  },
];
