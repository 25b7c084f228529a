import type { ClientName } from '../clients/clients.js';
import type { FeedVariables } from '../feed.js';
import { ratio, type FigureSpec, type Workload } from '../workload.js';

const names = ['rx-graphql-ws', 'bare ws', 'graphql-ws'] as const;

function paced(
  name: string,
  feed: FeedVariables,
  measure: number,
  value: string,
  what: string,
  mostRounds: number,
): Workload {
  const task = (client: ClientName) =>
    ({ sample: 'paced', client, feed, warmUp: 300, measure }) as const;
  const against = (to: string): FigureSpec => ({
    what: `${what}, to ${to}`,
    unit: '×',
    of: ratio(value, 'rx-graphql-ws', to),
  });
  return {
    name,
    variants: Object.fromEntries(names.map((client) => [client, task(client)])),
    figures: [against('bare ws'), against('graphql-ws')],
    mostRounds,
  };
}

/** Feeds that leave the client time. */
export const pacedFeeds: readonly Workload[] = [
  paced(
    'firehose',
    { size: 305_000, rate: 25 },
    1_200,
    'p99',
    '99th percentile of the delay of the event loop',
    5,
  ),
  paced('bursts', { size: 1_000, rate: 100, burst: 1_000 }, 1_200, 'cpu', 'processor a result', 5),
  paced('huge-1m', { size: 1_200_000, rate: 1 }, 2_100, 'longest', 'the longest block', 1),
  paced('huge-12m', { size: 12_000_000, rate: 1 }, 2_100, 'longest', 'the longest block', 1),
];
