import type { ExecutionResult } from 'rx-graphql-ws';
import { asyncScheduler, defer, mergeMap, repeat, timer, type Observable } from 'rxjs';
import type { Timeline } from './timeline.js';

// A timer that is to wait for longer fires at once.
const longestWait = 2 ** 31 - 1;

// ms, then others have their turn: where making a row takes longer than `every` there is always one more due.
const longestRound = 10;

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
      const until = asyncScheduler.now() + longestRound;
      const latest = timeline.latest();
      while (lastOfBatch(next) <= latest && asyncScheduler.now() < until) {
        const from = next;
        const last = lastOfBatch(from);
        next = last + 1;
        yield result(from, Math.min(last, from + limit - 1));
      }
    }
    const wait = () => timeline.at(lastOfBatch(next)) - asyncScheduler.now();
    // Each wait is measured anew: intervals drift, and a timer may fire early.
    const untilDue$ = defer(() => timer(Math.min(wait(), longestWait)));
    return untilDue$.pipe(mergeMap(due), repeat());
  });
}
