import type { Task } from '../task.js';
import { valueOf, type FigureSpec, type Workload } from '../workload.js';

const shared = (count: number): Task => ({
  sample: 'shared-operation',
  client: 'rx-graphql-ws',
  count,
  feed: { size: 1_000 },
  warmUp: 250,
  measure: 250,
});

const subscribers = 1_000;

const bounded = 'concatMapBounded, pause';
const unbounded = 'concatMap';
const slow = (withoutBound = false): Task => ({
  sample: 'slow-consumer',
  client: 'rx-graphql-ws',
  unbounded: withoutBound,
  feed: { size: 305_000, rate: 33 },
  warmUp: 10_000,
  measure: 30_000,
});

const valueIn = (what: string, variant: string, value: string, unit = 'MiB'): FigureSpec => ({
  what,
  unit,
  of: (round) => valueOf(round, variant, value),
});

/** What a consumer asks of the client beyond results. */
export const consumers: readonly Workload[] = [
  {
    name: 'slow-consumer',
    variants: { [bounded]: slow(), [unbounded]: slow(true) },
    figures: [
      {
        ...valueIn(`growth of the resident set, ${bounded}`, bounded, 'growth'),
        target: { atMost: 32 },
        everyRound: true,
      },
      {
        ...valueIn(`results lost, ${bounded}`, bounded, 'lost', ''),
        target: { atMost: 0 },
        everyRound: true,
      },
      valueIn(`growth from the first result on, ${bounded}`, bounded, 'growthOfAll'),
      valueIn(`growth of the resident set, ${unbounded}`, unbounded, 'growth'),
    ],
    mostRounds: 1,
  },
  {
    name: 'shared',
    variants: { '1 subscriber': shared(1), '1 000 subscribers': shared(subscribers) },
    figures: [
      {
        what: 'processor that a further subscriber adds to a result',
        unit: 'µs',
        of: (round) =>
          (valueOf(round, '1 000 subscribers', 'cpu') - valueOf(round, '1 subscriber', 'cpu')) /
          subscribers,
        target: { atMost: 0.1 },
      },
    ],
  },
];
