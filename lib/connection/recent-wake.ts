import type { Observable, Subscription } from 'rxjs';
import { switchMap, tap, timer } from 'rxjs';

/** ms after which a loss has nothing to do with a wake any more. */
const recent = 1_000;

/**
 * A page that comes back hears of it a moment before it hears that its socket has died meanwhile: that wake was meant for the
 * wait that is to come.
 */
export interface RecentWake {
  /** Listens, as long as there is or may be a connection. */
  listen(): Subscription;
  /** Whether there was one just now; it counts once. */
  take(): boolean;
}

export function createRecentWake(wake: Observable<unknown>): RecentWake {
  let woken = false;
  const set = (value: boolean) => () => {
    woken = value;
  };
  const wake$ = wake.pipe(
    tap(set(true)),
    switchMap(() => timer(recent)),
  );
  return {
    // that it has failed is for those who wait for it
    listen() {
      woken = false;
      return wake$.subscribe({ next: set(false), error: set(false) });
    },
    take() {
      const taken = woken;
      woken = false;
      return taken;
    },
  };
}
