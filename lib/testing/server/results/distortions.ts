import type { ExecutionResult } from 'rx-graphql-ws';
import type { Distortion } from './distortion.js';

type Results = readonly ExecutionResult[];

/** The distortions that wait for the results of one operation. */
export interface Distortions {
  /** Has one more work on what those before it send. */
  add(distortion: Distortion): void;
  /** What is sent instead of a result. */
  pass(result: ExecutionResult): Results;
  /** What is left to be sent when there are no more results. */
  flush(): Results;
}

/** No distortions yet. */
export function createDistortions(): Distortions {
  let waiting: readonly Distortion[] = [];
  return {
    add: (distortion) => {
      waiting = [...waiting, distortion];
    },
    pass: (result) => {
      let results: Results = [result];
      waiting = waiting.flatMap((distortion) => {
        const [sent, then] = takeAll(distortion, results);
        results = sent;
        return then ?? [];
      });
      return results;
    },
    flush: () => waiting.flatMap(({ held }) => held),
  };
}

function takeAll(
  distortion: Distortion | undefined,
  results: Results,
): [sent: Results, then: Distortion | undefined] {
  const sent = results.flatMap((result) => {
    if (!distortion) return [result];
    const taken = distortion.take(result);
    distortion = taken.then;
    return taken.results;
  });
  return [sent, distortion];
}
