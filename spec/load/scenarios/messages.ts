import { compare } from '../compare.js';
import type { Scenario } from '../figure.js';
import { median } from '../../helpers/measure/statistics.js';
import type { ThroughputSample } from '../throughput-sample.js';

const mebibyte = 2 ** 20;

/** A million results of one operation. */
export const messages: Scenario = async ({ short }) => {
  const results = short ? 50_000 : 1_000_000;
  const pairs = await compare<ThroughputSample>('throughput-sample', short ? 1 : 3, [
    String(results),
  ]);
  const deviations = pairs.map(({ ours }) => ours.deviation / mebibyte);
  return [
    {
      what: `${results} messages: heap, greatest deviation`,
      value: Math.max(...deviations),
      unit: 'MiB',
      limit: 2,
    },
    { what: 'throughput', value: median(pairs.map(({ ours }) => ours.rate)), unit: 'a second' },
    {
      what: 'throughput, graphql-ws',
      value: median(pairs.map(({ theirs }) => theirs.rate)),
      unit: 'a second',
    },
  ];
};
