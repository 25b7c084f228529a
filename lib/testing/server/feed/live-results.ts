import type { ExecutionResult } from 'rx-graphql-ws';
import { asyncScheduler, defer, mergeMap, repeat, timer, type Observable } from 'rxjs';
import type { Timeline } from './timeline.js';

/** The results of a subscription to a feed. */
export interface LiveFeed {
  readonly timeline: Timeline;
  readonly perMessage: number;
  readonly limit: number;
  /** The result with the rows from `first` to `last`. */
  result(first: number, last: number): ExecutionResult;
}

/**
 * Results from a row on, each when the last row of its batch exists; never completes.
 *
 * @param first - number of the first row; results that are due come at once
 * @param feed - whose
 */
export function liveResults(
  first: number,
  { timeline, perMessage, limit, result }: LiveFeed,
): Observable<ExecutionResult> {
  const lastOfBatch = (number: number) => number - (number % perMessage) + perMessage - 1;
  return defer(() => {
    let next = first;
    function* due() {
      for (let last = lastOfBatch(next); last <= timeline.latest(); last = lastOfBatch(next)) {
        const from = next;
        next = last + 1;
        yield result(from, Math.min(last, from + limit - 1));
      }
    }
    // Each wait is measured anew: intervals drift, and a timer may fire early.
    const untilDue$ = defer(() => timer(timeline.at(lastOfBatch(next)) - asyncScheduler.now()));
    return untilDue$.pipe(mergeMap(due), repeat());
  });
}
