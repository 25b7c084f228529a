import { concatMapBounded } from 'rx-graphql-ws';
import { type Gap, isGap } from 'rx-graphql-ws/recovery';
import { filter, type Observable, take } from 'rxjs';
import { placesIn } from './describe-error.js';
import { describeGap } from './describe-gap.js';
import { formatResult } from './format-result.js';
import { plural } from './progress.js';
import type { Row } from './results-of.js';
import type { RunContext } from './run-context.js';

/** Results that may wait for the reader of standard output, besides those of one read. */
const capacity = 500;
/** Characters of the messages of errors that are shown. */
const longest = 2_000;

/** Counts results and gaps, tells of gaps and errors, and ends after `take` results. */
export function countResults({ plan, progress, console }: RunContext) {
  const { take: count = Infinity, request } = plan;
  const isRow = (item: Row | Gap): item is Row => {
    if (isGap(item)) {
      progress.gaps += 1;
      console.note(describeGap(item));
      return false;
    }
    progress.results += 1;
    const { errors } = item.result;
    if (errors) {
      progress.failures += 1;
      const messages = errors.map((error) => (Object(error) as { message?: unknown }).message);
      console.complain(
        `rxgql: result ${progress.results} has ${plural(errors.length, 'error')}: ${messages.join('; ').slice(0, longest)}`,
        ...placesIn(errors, request.query),
      );
    }
    return true;
  };
  return (item$: Observable<Row | Gap>): Observable<Row> => item$.pipe(filter(isRow), take(count));
}

/** Prints results. While the reader of standard output is slower, the socket does not read, so nothing piles up and nothing is lost. */
export function printResults({ plan, socket, secrets, console, writer, state }: RunContext) {
  const print = (row: Row) => {
    console.clear();
    const line = secrets.scrubData(formatResult(row, plan));
    const { cursor } = row;
    const left = state && cursor !== undefined ? () => state.save(cursor) : undefined;
    return writer.write(line, left);
  };
  return concatMapBounded(print, { capacity, overflow: 'pause', socket });
}
