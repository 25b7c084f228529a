import type { ClientName } from '../clients/clients.js';
import type { SampleName } from '../samples/samples.js';
import type { Task } from '../task.js';
import { fewRounds, ratio, type FigureSpec, type Workload } from '../workload.js';

const names = ['rx-graphql-ws', 'bare ws', 'graphql-ws'] as const;

/** @param count - how many come before those that are measured: after fewer the slower a client is, the less of it is optimised */
function variants(
  sample: SampleName,
  count: number,
  measure: number,
): Readonly<Record<string, Task>> {
  const task = (client: ClientName): Task => ({
    sample,
    client,
    count,
    feed: { size: 100 },
    warmUp: 0,
    measure,
  });
  return Object.fromEntries(names.map((name) => [name, task(name)]));
}

const against = (to: string, value: string, what: string): FigureSpec => ({
  what: `${what}, to ${to}`,
  unit: '×',
  of: ratio(value, 'rx-graphql-ws', to),
});

/** How long one waits for an answer. */
export const latency: readonly Workload[] = [
  {
    name: 'mutations',
    variants: variants('mutations', 6_000, 60),
    figures: ['bare ws', 'graphql-ws'].flatMap((to) => [
      against(to, 'p50', 'median of a round trip'),
      against(to, 'p99', '99th percentile of a round trip'),
    ]),
    mostRounds: fewRounds,
  },
  {
    name: 'first-result',
    variants: variants('first-result', 300, 100),
    figures: ['bare ws', 'graphql-ws'].flatMap((to) => [
      against(to, 'warm', 'to the first result'),
      against(to, 'cold', 'to the first result, first in its process'),
    ]),
    mostRounds: fewRounds,
  },
];
