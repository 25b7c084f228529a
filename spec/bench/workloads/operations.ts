import { unoptimised } from '../../helpers/measure/run-child.js';
import type { ClientName } from '../clients/clients.js';
import type { Task } from '../task.js';
import { fewRounds, ratio, type Workload } from '../workload.js';

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

/** What a result costs where it is one of many operations that it may belong to. */
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
    { what: '100 operations to 1', unit: '×', of: growth('rx-graphql-ws', 100) },
    { what: '1 000 operations to 1', unit: '×', of: growth('rx-graphql-ws', 1_000) },
    { what: '10 000 to 1, graphql-ws', unit: '×', of: growth('graphql-ws', 10_000) },
    {
      what: '1 000 to 1, webSocket().multiplex()',
      unit: '×',
      of: growth('webSocket().multiplex()', 1_000),
    },
  ],
};

const restore = (count: number): Workload => {
  const task = (client: ClientName): Task => ({
    sample: 'restore',
    client,
    count,
    feed: { size: 100 },
    warmUp: 0,
    measure: 0,
  });
  return {
    name: `restore-${count}`,
    variants: { 'rx-graphql-ws': task('rx-graphql-ws'), 'graphql-ws': task('graphql-ws') },
    figures: [
      {
        what: 'ms from the drop to the last first result, to graphql-ws',
        unit: '×',
        of: ratio('ms', 'rx-graphql-ws', 'graphql-ws'),
        ...(count === 10_000 && { target: { atMost: 1 } }),
      },
    ],
    ...(count !== 10_000 && { mostRounds: fewRounds }),
  };
};

const sockets = (client: ClientName): Task => ({
  sample: 'many-sockets',
  client,
  count: 100,
  // as fast as it goes, one socket would keep the loop from the others for up to a second
  feed: { size: 1_000, rate: 50 },
  warmUp: 1_500,
  measure: 120,
});

const manySockets: Workload = {
  name: 'sockets',
  variants: { 'rx-graphql-ws': sockets('rx-graphql-ws'), 'graphql-ws': sockets('graphql-ws') },
  figures: [
    {
      what: 'processor a result, to graphql-ws',
      unit: '×',
      of: ratio('cpu', 'rx-graphql-ws', 'graphql-ws'),
      target: { atMost: 1.3 },
    },
  ],
};

const idle = (client: ClientName): Task => ({
  sample: 'heap-per-operation',
  client,
  count: 10_000,
  feed: { size: 100 },
  warmUp: 0,
  measure: 0,
});

const heap: Workload = {
  name: 'heap',
  variants: { 'rx-graphql-ws': idle('rx-graphql-ws'), 'graphql-ws': idle('graphql-ws') },
  figures: [
    {
      what: 'heap per idle operation, to graphql-ws',
      unit: '×',
      of: ratio('heap', 'rx-graphql-ws', 'graphql-ws'),
      target: { atMost: 1 },
      everyRound: true,
    },
  ],
  flags: unoptimised,
  // bytes: they hardly differ from run to run
  mostRounds: 7,
};

/** How costs grow with the number of operations on one socket. */
export const operations: readonly Workload[] = [
  manyOperations,
  manySockets,
  ...[1, 1_000, 10_000].map(restore),
  heap,
];
