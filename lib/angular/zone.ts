import type { MonoTypeOperatorFunction } from 'rxjs';
import { Observable, Subject, takeUntil } from 'rxjs';

/** As much of zone.js as is needed here: `@types` of it would be wanted of everybody. */
interface ZoneLike {
  readonly parent: ZoneLike;
  getZoneWith(key: string): ZoneLike | null;
  run<T>(work: () => T): T;
}

declare const Zone: { readonly current: ZoneLike };

/** Angular's zone, if this code runs in it. `NgZone.isInAngularZone()` looks for the same key; an injected `NgZone` would tie `outsideZone()` to injection contexts. */
const angularZone = () =>
  typeof Zone === 'undefined' ? null : Zone.current.getZoneWith('isAngularZone');

/** Runs `work` in the zone around Angular's, so that its timers and sockets neither cause change detection nor delay stability. */
export function runOutside<T>(work: () => T): T {
  const inner = angularZone();
  return inner ? inner.parent.run(work) : work();
}

/**
 * Subscribes outside Angular's zone, and delivers inside it if the subscriber subscribed there. Timers of the operators before it neither cause change
 * detection nor delay stability, which server-side rendering waits for. Write it last, behind operators with timers: rxjs' `timeout`, `auditTime`,
 * `recover`, `watch` with `staleAfter`. Without zone.js it changes nothing.
 *
 * @example
 * ```ts
 * socket.subscribe$(prices).pipe(timeout({ each: 30_000 }), outsideZone());
 * ```
 */
export function outsideZone<T>(): MonoTypeOperatorFunction<T> {
  return (source$) =>
    new Observable((subscriber) => {
      const here = angularZone() && Zone.current;
      const deliver = (work: () => void) => {
        // to enter the zone for nobody would cause change detection
        if (subscriber.closed) return;
        if (here) here.run(work);
        else work();
      };
      // also before `subscribe` has returned, which a source that emits at once is late to do
      const left$ = new Subject<void>();
      subscriber.add(() => {
        runOutside(() => {
          left$.next();
        });
      });
      runOutside(() =>
        source$.pipe(takeUntil(left$)).subscribe({
          next(value) {
            deliver(() => {
              subscriber.next(value);
            });
          },
          error(error: unknown) {
            deliver(() => {
              subscriber.error(error);
            });
          },
          complete() {
            deliver(() => {
              subscriber.complete();
            });
          },
        }),
      );
    });
}
