import { join } from 'node:path';
import { heapFlags, runChild, unoptimised } from '../../helpers/measure/run-child.js';
import { median } from '../../helpers/measure/statistics.js';
import { figure, type Figure, type Scenario } from '../figure.js';
import type { OperationsSample } from '../operations.program.js';
import { programs, startFeed } from '../start-feed.js';

type Pairs = readonly { readonly ours: OperationsSample; readonly theirs: OperationsSample }[];

/** Many operations on one socket, beside graphql-ws. */
export const operations: Scenario = async ({ short }) => {
  const count = short ? 2_000 : 10_000;
  const weighed = await compare(count, short ? 1 : 3, unoptimised);
  const theirs = median(weighed.map((pair) => pair.theirs.residue));
  const left = 'residue after unsubscribing';
  const figures = [
    ...sideBySide(`${count} operations: heap`, 'B each', weighed, 'heap', 1),
    // where neither leaves anything, noise is compared
    figure(left, median(weighed.map(({ ours }) => ours.residue)), 'B each', Math.max(theirs, 16)),
    figure(`${left}, graphql-ws`, theirs, 'B each'),
  ];
  // of few operations, and beside other tests, the time tells nothing
  if (short) return figures;
  const timed = await compare(count, 7, heapFlags);
  return [
    ...figures,
    ...sideBySide('until each has 3 results', 'ms', timed, 'time', 1),
    ...sideBySide('processor meanwhile', 'ms', timed, 'cpu'),
    ...sideBySide('unsubscribing all in one tick', 'ms', timed, 'stopping'),
  ];
};

/**
 * Measures our client and the other one in turn, each time in a new process, all against the same server. The first of each is thrown away,
 * because it makes the server warm.
 */
async function compare(count: number, pairs: number, flags: readonly string[]): Promise<Pairs> {
  const feed = await startFeed();
  const measure = async (name: string) => {
    const args = [name, feed.url, String(count)];
    const child = runChild(join(programs, 'operations.program'), args, flags);
    try {
      return await child.answer<OperationsSample>();
    } finally {
      await child.stop();
    }
  };
  const both: { ours: OperationsSample; theirs: OperationsSample }[] = [];
  for (let pair = 0; pair <= pairs; pair += 1)
    both.push({ ours: await measure('rx-graphql-ws'), theirs: await measure('graphql-ws') });
  await feed.stop();
  return both.slice(1);
}

/** Both, and the median of the ratios of the pairs. */
function sideBySide(
  what: string,
  unit: string,
  pairs: Pairs,
  key: keyof OperationsSample,
  limit?: number,
): readonly Figure[] {
  const of = (name: string, value: (pair: Pairs[number]) => number, unit: string, most?: number) =>
    figure(name, median(pairs.map(value)), unit, most);
  return [
    of(what, ({ ours }) => ours[key], unit),
    of(`${what}, graphql-ws`, ({ theirs }) => theirs[key], unit),
    of(`${what}, ours to theirs`, ({ ours, theirs }) => ours[key] / theirs[key], '×', limit),
  ];
}
