import type { Subscriber, TeardownLogic } from 'rxjs';
import { map, NEVER, Observable, switchMap, timer } from 'rxjs';

/**
 * The same stream without a reference to its source. rxjs links an Observable to its source, and a subscription to every
 * operator: `util.inspect` of either would print our internals and other observers, and `JSON.stringify` would throw over the cycle.
 */
export function sealed<T>(source$: Observable<T>): Observable<T> {
  return new Observable((subscriber) => {
    const inner = source$.subscribe({
      next(value) {
        subscriber.next(value);
      },
      error(error: unknown) {
        subscriber.error(error);
      },
      complete() {
        subscriber.complete();
      },
    });
    return () => {
      inner.unsubscribe();
    };
  });
}

/** An error that is never synchronous, because a user's bare `retry()` around a synchronous one overflows the stack. */
export function throwLater(error: unknown): Observable<never> {
  return sealed(
    timer(0).pipe(
      map(() => {
        throw error;
      }),
    ),
  );
}

/** An Observable whose subscription may throw: the error is delivered later, for the reason above. */
export function guarded<T>(subscribe: (subscriber: Subscriber<T>) => TeardownLogic): Observable<T> {
  return new Observable((subscriber) => {
    try {
      return subscribe(subscriber);
    } catch (error) {
      return throwLater(error).subscribe(subscriber);
    }
  });
}

/** Emits after `limit` ms, and not before the events that wait in the event loop by then have been handled; `false` = never. */
export function deadline(limit: number | false): Observable<unknown> {
  return limit === false ? NEVER : timer(limit).pipe(switchMap(afterPendingEvents));
}

/**
 * Emits after two rounds of the event loop. A deadline needs them because a timer is due before the frames that arrived
 * meanwhile are read, when the loop was blocked, the tab was throttled or the process was suspended.
 */
export function afterPendingEvents(): Observable<unknown> {
  return timer(0).pipe(switchMap(() => timer(0)));
}
