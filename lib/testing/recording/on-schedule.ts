import { asyncScheduler, Observable } from 'rxjs';

/** A timer of more ms than this fires at once. */
const longestTimer = 2 ** 31 - 1;

/**
 * Emits each item when its time has come, those of one instant together, and completes with the last. Late timers do not add up.
 *
 * @param items - in order, `at` ms from the subscription
 * @param speed - how many ms of theirs pass in one
 */
export function onSchedule<T extends { readonly at: number }>(
  items: readonly T[],
  speed: number,
): Observable<T> {
  return new Observable((subscriber) => {
    const start = asyncScheduler.now();
    let slept = 0;
    let next = 0;
    const turn = asyncScheduler.schedule(function () {
      for (let item = items[next]; item; item = items[next]) {
        // fake timers need not move the clock
        const passed = Math.max(asyncScheduler.now() - start, slept);
        const wait = Math.min(Math.ceil(item.at / speed) - passed, longestTimer);
        if (wait > 0) {
          slept = passed + wait;
          this.schedule(undefined, wait);
          return;
        }
        next += 1;
        subscriber.next(item);
        if (subscriber.closed) return;
      }
      subscriber.complete();
    });
    subscriber.add(turn);
  });
}
