import {
  asyncScheduler,
  catchError,
  concat,
  delay,
  EMPTY,
  endWith,
  ignoreElements,
  map,
  merge,
  NEVER,
  type Observable,
  share,
  skip,
  take,
  takeUntil,
  tap,
  timer,
} from 'rxjs';
import { describeGap } from './describe-gap.js';
import type { Ending } from './ending.js';
import { countResults, printResults } from './print-results.js';
import { resultsOf } from './results-of.js';
import type { RunContext } from './run-context.js';

/** ms that the reader of standard output has for what waits, when the user or the time has ended the program. */
const patience = 3_000;

const ends = (type: Exclude<Ending['type'], 'failed'>) => (): Ending => ({ type });
const fails = (error: unknown): Ending => ({ type: 'failed', error });

/** Prints the results of an operation until it ends, the user or the time ends it, or nobody reads. Emits the ending once. */
export function followResults(context: RunContext): Observable<Ending> {
  const { plan, writer, socket, state, signal$, failed$ } = context;
  const begun = asyncScheduler.now();
  let ending: Ending = { type: 'completed' };
  const remember = tap((given: Ending) => {
    ending = given;
  });
  const endWithError = (error: unknown) => {
    ending = fails(error);
    return EMPTY;
  };
  const over$ = plan.within === undefined ? NEVER : timer(plan.within).pipe(map(ends('over')));
  const stop$ = merge(signal$.pipe(map(ends('interrupted'))), over$).pipe(take(1), share());
  const missed = () => {
    context.progress.gaps += 1;
    context.console.note(describeGap({ since: begun, until: asyncScheduler.now() }));
  };
  const row$ = resultsOf(socket, plan, state?.stored, missed).pipe(
    // eslint-disable-next-line rxjs-x/no-unsafe-takeuntil -- nothing behind it subscribes to anything
    takeUntil(stop$.pipe(remember)),
    countResults(context),
    // the results before the error are printed, too
    catchError(endWithError),
  );
  const printed$ = concat(row$.pipe(printResults(context)), writer.flushed$).pipe(
    ignoreElements(),
    catchError(endWithError),
    endWith(0),
  );
  const abort$ = merge(
    writer.broken$.pipe(map((error) => (error ? fails(error) : ends('gone')()))),
    failed$.pipe(map(fails)),
    signal$.pipe(skip(1), map(ends('interrupted'))),
    stop$.pipe(delay(patience)),
  ).pipe(remember);
  return merge(abort$, printed$).pipe(
    take(1),
    map(() => ending),
  );
}
