import { unoptimised } from '../../helpers/measure/run-child.js';
import type { ClientName } from '../clients/clients.js';
import type { Task } from '../task.js';
import { type FigureSpec, fewRounds, sideBySide, valueOf, type Workload } from '../workload.js';

const [plain, marked, keyed] = ['rx-graphql-ws', 'recover()', 'recover() with a key'] as const;
const clients: readonly ClientName[] = [plain, marked, keyed];
const count = 10_000;

function more(unit: string, value: string, variant: string): FigureSpec {
  const what = `${variant}: ${unit} more than \`subscribe$\``;
  return {
    what,
    unit,
    of: (round) => valueOf(round, variant, value) - valueOf(round, plain, value),
  };
}

const row: Workload = {
  name: 'recovered-row',
  variants: sideBySide(clients, {
    ...{ sample: 'throughput', feed: { size: 100 } },
    ...{ warmUp: 500, measure: 50 },
  }),
  figures: [more('µs', 'cpu', marked), more('µs', 'cpu', keyed)],
  mostRounds: fewRounds,
};

const rows: Workload = {
  name: 'recovered-10k',
  variants: sideBySide(clients, {
    ...{ sample: 'many-operations', count, feed: { size: 1_000 } },
    ...{ warmUp: 1_500, measure: 1_000 },
  }),
  figures: [more('µs', 'cpu', marked), more('µs', 'cpu', keyed)],
  mostRounds: fewRounds,
};

/** The last rows of all streams have room in the young generation of the heap. */
const rowsInRoom: Workload = {
  ...rows,
  name: 'recovered-10k-in-room',
  flags: ['--max-semi-space-size=256'],
};

const idle = { warmUp: 0, measure: 0 };
const long = `${keyed}, 100 rows each`;
const remembering: Task = {
  ...{ sample: 'heap-per-operation', client: keyed, count, ...idle },
  feed: { size: 100, results: 100 },
};

const heap: Workload = {
  name: 'recovered-heap',
  variants: {
    ...sideBySide(clients, { sample: 'heap-per-operation', count, feed: { size: 100 }, ...idle }),
    [long]: remembering,
  },
  figures: [
    more('bytes', 'heap', marked),
    more('bytes', 'heap', keyed),
    {
      what: 'for each key that is remembered',
      unit: 'bytes',
      of: (round) => (valueOf(round, long, 'heap') - valueOf(round, keyed, 'heap')) / 99,
    },
  ],
  flags: unoptimised,
  mostRounds: fewRounds,
};

/** What 10 000 streams cost that recover what they miss. */
export const recovered: readonly Workload[] = [row, rows, rowsInRoom, heap];
