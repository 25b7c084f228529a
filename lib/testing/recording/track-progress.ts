import {
  defer,
  filter,
  finalize,
  merge,
  type Observable,
  startWith,
  Subject,
  switchMap,
  take,
  timer,
} from 'rxjs';

/** What of an attempt has been played. */
export interface Progress {
  /** The answer to an operation, which counts as under way while it is subscribed to. */
  track<T>(answer$: Observable<T>): Observable<T>;
  /** Emits once, as soon as every operation was answered. Those that the client does not send are not waited for long. */
  readonly played$: Observable<unknown>;
}

/** ms that operations are waited for which this client has not sent, though another had. */
const patience = 250;

/**
 * Follows the operations of an attempt.
 *
 * @param unsent - how many the client has not sent yet
 */
export function trackProgress(unsent: () => number): Progress {
  const changes$ = new Subject<void>();
  let playing = 0;
  const until = (ready: () => boolean) =>
    changes$.pipe(startWith(undefined), filter(ready), take(1));
  const late$ = timer(patience).pipe(switchMap(() => until(() => playing === 0)));
  return {
    track: (answer$) =>
      defer(() => {
        playing += 1;
        return answer$.pipe(
          finalize(() => {
            playing -= 1;
            changes$.next();
          }),
        );
      }),
    played$: merge(
      until(() => playing === 0 && unsent() === 0),
      late$,
    ).pipe(take(1)),
  };
}
