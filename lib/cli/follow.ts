import type { SocketStatus } from 'rx-graphql-ws';
import {
  catchError,
  EMPTY,
  endWith,
  fromEvent,
  map,
  merge,
  of,
  scan,
  startWith,
  takeWhile,
  timer,
  type Observable,
} from 'rxjs';

/** The state of a followed stream. */
export interface Tally {
  readonly results: number;
  readonly connections: number;
  readonly silentDisconnects: number;
  /** Whether results came after the last silent disconnect. */
  readonly recovered: boolean;
  /** The reason of the end; `undefined` before. */
  readonly end?: Ending | undefined;
  readonly error?: unknown;
}

/** The stream completed, it failed, the user interrupted it, or the time is over. */
type Ending = 'completed' | 'failed' | 'interrupted' | 'over';

type Happening =
  | { readonly type: 'status'; readonly status: SocketStatus }
  | { readonly type: 'results'; readonly count: number }
  | { readonly type: 'end'; readonly end: Ending; readonly error?: unknown };

const nothing: Tally = { results: 0, connections: 0, silentDisconnects: 0, recovered: false };

/**
 * Follows a stream until it ends, the user interrupts it, or the time is over.
 *
 * @param status$ - to count the connections
 * @param results$ - the stream; each value is a number of results
 * @param seconds - the time in seconds; without limit if `undefined`
 * @returns the tally after each change, the last one with `end`; never an error
 */
export function follow(
  status$: Observable<SocketStatus>,
  results$: Observable<number>,
  seconds: number | undefined,
): Observable<Tally> {
  const end = (reason: Ending): Happening => ({ type: 'end', end: reason });
  const signals$ = merge(fromEvent(process, 'SIGINT'), fromEvent(process, 'SIGTERM'));
  const over$ = seconds === undefined ? EMPTY : timer(seconds * 1_000);
  return merge(
    signals$.pipe(map(() => end('interrupted'))),
    over$.pipe(map(() => end('over'))),
    status$.pipe(map((status): Happening => ({ type: 'status', status }))),
    results$.pipe(
      map((count): Happening => ({ type: 'results', count })),
      endWith(end('completed')),
      catchError((error: unknown) => of<Happening>({ type: 'end', end: 'failed', error })),
    ),
  ).pipe(
    scan(count, nothing),
    startWith(nothing),
    takeWhile((tally) => tally.end === undefined, true),
  );
}

function count(tally: Tally, happening: Happening): Tally {
  switch (happening.type) {
    case 'results':
      return {
        ...tally,
        results: tally.results + happening.count,
        recovered: tally.silentDisconnects > 0,
      };
    case 'end':
      return { ...tally, end: happening.end, error: happening.error };
    case 'status':
      return countStatus(tally, happening.status);
  }
}

function countStatus(tally: Tally, status: SocketStatus): Tally {
  if (status.state === 'connected') return { ...tally, connections: tally.connections + 1 };
  if (status.state !== 'waiting' || status.error.name !== 'SilentDisconnectError') return tally;
  return { ...tally, silentDisconnects: tally.silentDisconnects + 1, recovered: false };
}
