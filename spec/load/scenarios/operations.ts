import { compare } from '../compare.js';
import type { Figure, Scenario } from '../figure.js';
import type { OperationsSample } from '../operations-sample.js';
import { unoptimised } from '../../helpers/measure/run-child.js';
import { median } from '../../helpers/measure/statistics.js';

type Pairs = readonly { readonly ours: OperationsSample; readonly theirs: OperationsSample }[];

/** Many operations on one socket, beside graphql-ws. */
export const operations: Scenario = async ({ short }) => {
  const count = short ? 2_000 : 10_000;
  const args = [String(count)];
  const weighed: Pairs = await compare('operations-sample', short ? 1 : 3, args, unoptimised);
  const figures = [
    ...sideBySide(`${count} operations: heap`, 'B each', weighed, 'heap', 1),
    ...residue(weighed),
  ];
  // of few operations, and beside other tests, the time tells nothing
  if (short) return figures;
  const timed: Pairs = await compare('operations-sample', 7, args);
  return [
    ...figures,
    ...sideBySide('until each has 3 results', 'ms', timed, 'time', 1),
    ...sideBySide('processor meanwhile', 'ms', timed, 'cpu'),
    ...sideBySide('unsubscribing all in one tick', 'ms', timed, 'stopping'),
  ];
};

/** Both, and the median of the ratios of the pairs. */
function sideBySide(
  what: string,
  unit: string,
  pairs: Pairs,
  key: keyof OperationsSample,
  limit?: number,
): readonly Figure[] {
  const ratio = median(pairs.map(({ ours, theirs }) => ours[key] / theirs[key]));
  return [
    { what, value: median(pairs.map(({ ours }) => ours[key])), unit },
    { what: `${what}, graphql-ws`, value: median(pairs.map(({ theirs }) => theirs[key])), unit },
    { what: `${what}, ours to theirs`, value: ratio, unit: '×', ...(limit && { limit }) },
  ];
}

function residue(pairs: Pairs): readonly Figure[] {
  const ours = median(pairs.map((pair) => pair.ours.residue));
  const theirs = median(pairs.map((pair) => pair.theirs.residue));
  return [
    // where neither leaves anything, what is compared is noise
    {
      what: 'residue after unsubscribing',
      value: ours,
      unit: 'B each',
      limit: Math.max(theirs, 16),
    },
    { what: 'residue after unsubscribing, graphql-ws', value: theirs, unit: 'B each' },
  ];
}
