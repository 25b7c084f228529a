import type { SocketStatus } from 'rx-graphql-ws';
import type { Observable, OperatorFunction } from 'rxjs';
import {
  asyncScheduler,
  catchError,
  distinctUntilChanged,
  EMPTY,
  endWith,
  map,
  merge,
  of,
  scan,
  startWith,
  switchMap,
  takeWhile,
  timer,
} from 'rxjs';
import { checkOptions, isCount } from './check.js';
import type { Gap } from './gap.js';
import { isGap } from './gap.js';

/** The latest value of a stream, and whether it still tells how things are. */
export interface Watched<T> {
  /**
   * - `pending`: there is no value yet.
   * - `live`: the value is the latest.
   * - `stale`: it may be out of date, because `staleAfter` has passed, a gap came, or the connection was lost and is back.
   * - `disconnected`: the connection is lost.
   * - `failed`, `completed`: the stream has ended; the last value is kept.
   */
  readonly state: 'pending' | 'live' | 'stale' | 'disconnected' | 'failed' | 'completed';
  readonly value: T | undefined;
  /** When the value came, in ms since the epoch. */
  readonly at: number | undefined;
  /** The error of a stream that has `failed`. */
  readonly error: unknown;
}

/**
 * The latest value of a stream with its state, for a display that must not show an old value as a new one. It emits `pending` at once, never
 * errors, and completes behind `failed` or `completed`.
 *
 * @param options - `staleAfter`: ms after which a value without a successor is `stale`, by default never. `status$`: that of the socket; without it
 * a loss of the connection is not noticed.
 * @throws ConfigurationError - an option that is unknown or wrong.
 *
 * @example
 * ```ts
 * socket.subscribe$(Price).pipe(watch({ staleAfter: 5_000, status$: socket.status$ }));
 * ```
 */
export function watch<T>(
  options: { staleAfter?: number | undefined; status$?: Observable<SocketStatus> | undefined } = {},
): OperatorFunction<T, Watched<Exclude<T, Gap>>> {
  checkOptions(options, { staleAfter: isCount, status$: Object });
  type State = Watched<Exclude<T, Gap>>;
  const { staleAfter, status$ = EMPTY } = options;
  const pending: State = { state: 'pending', value: undefined, at: undefined, error: undefined };
  const stale: Partial<State> = { state: 'stale' };
  // beyond 2 ** 31 ms a timer fires at once
  const stale$ = staleAfter ? timer(Math.min(staleAfter, 2 ** 30)).pipe(map(() => stale)) : EMPTY;
  const lost$ = status$.pipe(
    map(({ state }) => state !== 'connected'),
    distinctUntilChanged(),
    map((isLost): Partial<State> => (isLost ? { state: 'disconnected' } : stale)),
  );
  return (source$) =>
    merge(
      lost$,
      source$.pipe(
        map((value): Partial<State> =>
          isGap(value)
            ? stale
            : { state: 'live', value: value as Exclude<T, Gap>, at: asyncScheduler.now() },
        ),
        endWith<Partial<State>>({ state: 'completed' }),
        catchError((error: unknown) => of<Partial<State>>({ state: 'failed', error })),
      ),
    ).pipe(
      takeWhile(({ state }) => state !== 'completed' && state !== 'failed', true),
      switchMap((change) => (change.state === 'live' ? merge(of(change), stale$) : of(change))),
      scan((seen, change): State => {
        // what has not come cannot be stale
        const isNoNews = seen.at === undefined || seen.state === change.state;
        return isNoNews && /^[sd]/.test(String(change.state)) ? seen : { ...seen, ...change };
      }, pending),
      startWith(pending),
      distinctUntilChanged(),
    );
}
