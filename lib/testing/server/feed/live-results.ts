import type { ExecutionResult } from 'rx-graphql-ws';
import { asyncScheduler, defer, mergeMap, type Observable, repeat, timer } from 'rxjs';
import type { Timeline } from './rows.js';

// A timer fires at once for a longer time.
const longestWait = 2 ** 31 - 1;

// ms until others have their turn: if making a row takes longer than `every`, one more row is always due.
const longestRound = 10;

export interface LiveFeed {
  readonly timeline: Timeline;
  readonly perMessage: number;
  readonly limit: number;
  /** Makes the result with the rows from `first` to `last`. */
  result(first: number, last: number): ExecutionResult;
}

/**
 * Emits each result when the last row of its batch exists; never completes.
 * @param first - number of the first row; results that are due come at once
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
    // Each wait is measured anew, because intervals drift and a timer may fire early.
    const untilDue$ = defer(() => timer(Math.min(wait(), longestWait)));
    return untilDue$.pipe(mergeMap(due), repeat());
  });
}
