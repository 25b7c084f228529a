import { asyncScheduler, Observable } from 'rxjs';

/** A longer timer would fire at once. */
const longestTimer = 2 ** 31 - 1;

/**
 * Emits each item at its time, and completes with the last. Items of one instant come together, and late timers do not add up.
 * @param items - in order, `at` ms after the subscription
 * @param speed - a replay of twice the speed waits for half of `at`
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
        // fake timers may fire while the fake clock stands still
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
