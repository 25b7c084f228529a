import type { SampleName } from '../samples/samples.js';
import { sideBySide, times, type Workload } from '../workload.js';

const ours = 'rx-graphql-ws';

/** @param count - how many come before those that are measured: after fewer the slower a client is, the less of it is optimised */
const variants = (sample: SampleName, count: number, measure: number) =>
  sideBySide([ours, 'bare ws', 'graphql-ws'], {
    ...{ sample, count, feed: { size: 100 } },
    ...{ warmUp: 0, measure },
  });

const against = (to: string, value: string, what: string, atMost?: number) =>
  times(`${what}, to ${to}`, value, ours, to, atMost ? { atMost } : undefined);

/** How long one waits for an answer. */
export const latency: readonly Workload[] = [
  {
    name: 'mutations',
    variants: variants('mutations', 6_000, 60),
    figures: [
      against('graphql-ws', 'p50', 'median of a round trip', 1.15),
      against('graphql-ws', 'p99', '99th percentile of a round trip'),
      against('bare ws', 'p50', 'median of a round trip'),
      against('bare ws', 'p99', '99th percentile of a round trip'),
    ],
  },
  {
    name: 'first-result',
    variants: variants('first-result', 300, 100),
    figures: [
      against('graphql-ws', 'warm', 'to the first result', 1.5),
      against('graphql-ws', 'cold', 'to the first result, first in its process'),
      against('bare ws', 'warm', 'to the first result'),
      against('bare ws', 'cold', 'to the first result, first in its process'),
    ],
  },
];
