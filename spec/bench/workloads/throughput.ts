import type { ClientName } from '../clients/clients.js';
import type { Task } from '../task.js';
import { fewRounds, ratio, type FigureSpec, type Workload } from '../workload.js';

const sizes = { '100': 100, '1k': 1_000, '8k': 8_000, '300k': 300_000, '1m': 1_000_000 } as const;
/** The floor must take this part, at least, of the processor that ours takes. */
const floors: Readonly<Record<string, number>> = { '100': 0.95, '1k': 0.98, '8k': 1 };

const task = (client: ClientName, size: number, legacy = false): Task => ({
  sample: 'throughput',
  client,
  legacy,
  feed: { size },
  warmUp: 500,
  measure: 50,
});

/** The same results, their fields in alphabetical order. */
const sorted = (client: ClientName): Task => ({
  ...task(client, 1_000),
  feed: { size: 1_000, sorted: true },
});

const rate = (to: string, target?: number): FigureSpec => ({
  what: `results a second, to ${to}`,
  unit: '×',
  of: ratio('rate', 'rx-graphql-ws', to),
  ...(target !== undefined && { target: { atLeast: target } }),
});

const processor = (to: string): FigureSpec => ({
  what: `processor a result, to ${to}`,
  unit: '×',
  of: ratio('cpu', 'rx-graphql-ws', to),
});

const floor = (target?: number): FigureSpec => ({
  what: 'processor a result, bare ws to ours',
  unit: '×',
  of: ratio('cpu', 'bare ws', 'rx-graphql-ws'),
  ...(target !== undefined && { target: { atLeast: target } }),
});

/** Every result is decoded. */
export const throughput: readonly Workload[] = [
  ...Object.entries(sizes).map(([name, size]) => ({
    name: `throughput-${name}`,
    variants: {
      'rx-graphql-ws': task('rx-graphql-ws', size),
      'bare ws': task('bare ws', size),
      'graphql-ws': task('graphql-ws', size),
    },
    figures: [floor(floors[name]), rate('graphql-ws', 1), rate('bare ws'), processor('graphql-ws')],
  })),
  ...(['100', '1k'] as const).map((name) => ({
    name: `legacy-${name}`,
    variants: {
      'rx-graphql-ws': task('rx-graphql-ws', sizes[name], true),
      'bare ws': task('bare ws', sizes[name], true),
      'subscriptions-transport-ws': task('subscriptions-transport-ws', sizes[name], true),
    },
    figures: [
      rate('bare ws'),
      rate('subscriptions-transport-ws'),
      processor('bare ws'),
      processor('subscriptions-transport-ws'),
    ],
    mostRounds: fewRounds,
  })),
  {
    name: 'sorted-1k',
    variants: {
      'rx-graphql-ws': sorted('rx-graphql-ws'),
      'bare ws': sorted('bare ws'),
      'graphql-ws': sorted('graphql-ws'),
    },
    figures: [rate('bare ws'), rate('graphql-ws'), processor('bare ws'), processor('graphql-ws')],
    mostRounds: fewRounds,
  },
];
