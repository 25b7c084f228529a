import type { SocketStatus } from 'rx-graphql-ws';
import type { Observable, OperatorFunction } from 'rxjs';
import {
  asyncScheduler,
  catchError,
  concat,
  connect,
  distinctUntilChanged,
  EMPTY,
  endWith,
  ignoreElements,
  map,
  merge,
  of,
  scan,
  startWith,
  switchMap,
  takeUntil,
  timer,
} from 'rxjs';

/** The latest value of a stream, and whether it still says how things are. */
export interface Watched<T> {
  readonly state: 'pending' | 'live' | 'stale' | 'disconnected' | 'failed' | 'completed';
  readonly value: T | undefined;
  /** When it came, in ms since the epoch. */
  readonly at: number | undefined;
  readonly error: unknown;
}

export interface WatchOptions {
  staleAfter?: number | undefined;
  status$?: Observable<SocketStatus> | undefined;
}

/** The latest value and its state; never errors. */
export function watch<T>({ staleAfter, status$ = EMPTY }: WatchOptions = {}): OperatorFunction<
  T,
  Watched<T>
> {
  const enter = (state: Watched<T>['state']): Partial<Watched<T>> => ({ state });
  const pending: Watched<T> = {
    state: 'pending',
    value: undefined,
    at: undefined,
    error: undefined,
  };
  const stale$ =
    staleAfter === undefined ? EMPTY : timer(staleAfter).pipe(map(() => enter('stale')));
  const connected$ = status$.pipe(
    map(({ state }) => state === 'connected'),
    distinctUntilChanged(),
  );
  const values = map((value: T) => ({ ...enter('live'), value, at: asyncScheduler.now() }));
  const failure = (error: unknown) => of({ ...enter('failed'), error });
  return (source$) =>
    source$.pipe(
      connect((value$) => {
        const end$ = value$.pipe(
          ignoreElements(),
          catchError(() => EMPTY),
          endWith(true),
        );
        return merge(
          connected$.pipe(
            map((connected) => enter(connected ? 'stale' : 'disconnected')),
            takeUntil(end$),
          ),
          concat(value$.pipe(values), of(enter('completed'))).pipe(catchError(failure)),
        );
      }),
      switchMap((change) => (change.state === 'live' ? merge(of(change), stale$) : of(change))),
      // before the first value there is nothing that could be stale
      scan(
        (seen, change) =>
          seen.at === undefined && /^[sd]/.test(String(change.state))
            ? seen
            : { ...seen, ...change },
        pending,
      ),
      startWith(pending),
      distinctUntilChanged(),
    );
}
