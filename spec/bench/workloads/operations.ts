import { unoptimised } from '../../helpers/measure/run-child.js';
import type { ClientName } from '../clients/clients.js';
import type { Task } from '../task.js';
import { fewRounds, ratio, sideBySide, times, type Workload } from '../workload.js';

const many = (client: ClientName, count: number): Task => ({
  sample: 'many-operations',
  client,
  count,
  feed: { size: 1_000 },
  warmUp: 250,
  measure: 250,
});

const counts = [1, 100, 1_000, 10_000] as const;
const name = (client: ClientName, count: number) => `${client}, ${count}`;

function perOperations(
  client: ClientName,
  among: readonly number[],
): Readonly<Record<string, Task>> {
  return Object.fromEntries(among.map((count) => [name(client, count), many(client, count)]));
}

const growth = (client: ClientName, count: number) =>
  ratio('cpu', name(client, count), name(client, 1));

const growthOf = (what: string, client: ClientName, count: number) =>
  times(what, 'cpu', name(client, count), name(client, 1));

/** The cost of a result which is one of many operations that it may belong to. */
const manyOperations: Workload = {
  name: 'operations',
  variants: {
    ...perOperations('rx-graphql-ws', counts),
    ...perOperations('graphql-ws', [1, 1_000, 10_000]),
    ...perOperations('webSocket().multiplex()', [1, 1_000]),
  },
  figures: [
    {
      what: 'processor a result, 10 000 operations to 1',
      unit: '×',
      of: growth('rx-graphql-ws', 10_000),
      target: { atMost: 1.3 },
      orElse: 'the same, to that of graphql-ws',
    },
    {
      what: 'the same, to that of graphql-ws',
      unit: '×',
      of: (round) => growth('rx-graphql-ws', 10_000)(round) / growth('graphql-ws', 10_000)(round),
      target: { atMost: 1 },
      orElse: 'processor a result, 10 000 operations to 1',
    },
    growthOf('100 operations to 1', 'rx-graphql-ws', 100),
    growthOf('1 000 operations to 1', 'rx-graphql-ws', 1_000),
    growthOf('10 000 to 1, graphql-ws', 'graphql-ws', 10_000),
    growthOf('1 000 to 1, webSocket().multiplex()', 'webSocket().multiplex()', 1_000),
  ],
};

const [ours, theirs] = ['rx-graphql-ws', 'graphql-ws'] as const;
const plain = { feed: { size: 100 }, warmUp: 0, measure: 0 };

const restore = (count: number): Workload => {
  const what = 'ms from the drop to the last first result, to graphql-ws';
  const target = count === 10_000 ? { atMost: 1 } : undefined;
  return {
    name: `restore-${count}`,
    variants: sideBySide([ours, theirs], { sample: 'restore', count, ...plain }),
    figures: [times(what, 'ms', ours, theirs, target)],
    ...(!target && { mostRounds: fewRounds }),
  };
};

const manySockets: Workload = {
  name: 'sockets',
  variants: sideBySide([ours, theirs], {
    sample: 'many-sockets',
    count: 100,
    // as fast as it goes, one socket would keep the loop from the others for up to a second
    feed: { size: 1_000, rate: 50 },
    warmUp: 1_500,
    measure: 120,
  }),
  figures: [times('processor a result, to graphql-ws', 'cpu', ours, theirs, { atMost: 1.3 })],
};

const heapSpec = times('heap per idle operation, to graphql-ws', 'heap', ours, theirs, {
  atMost: 1,
});
const heap: Workload = {
  name: 'heap',
  variants: sideBySide([ours, theirs], { sample: 'heap-per-operation', count: 10_000, ...plain }),
  figures: [{ ...heapSpec, everyRound: true }],
  flags: unoptimised,
  // bytes: they hardly differ from run to run
  mostRounds: 7,
};

/** The load of one process, to be told beside the ratios: 10 000 operations on one socket, and a thousand sockets. */
const capacity: Workload = {
  name: 'capacity',
  variants: {
    ...sideBySide([ours, 'recover() with a key'], {
      ...{ sample: 'many-operations', count: 10_000, feed: { size: 1_000 } },
      ...{ warmUp: 1_500, measure: 1_000 },
    }),
    'rx-graphql-ws, 1 000 sockets': {
      ...{ sample: 'many-sockets', client: ours, count: 1_000 },
      ...{ feed: { size: 1_000, rate: 20 }, warmUp: 1_500, measure: 500 },
    },
  },
  figures: [times('processor a result, with a key', 'cpu', 'recover() with a key', ours)],
  mostRounds: fewRounds,
};

/** How costs grow with the number of operations on one socket. */
export const operations: readonly Workload[] = [
  manyOperations,
  manySockets,
  capacity,
  ...[1, 1_000, 10_000].map(restore),
  heap,
];
