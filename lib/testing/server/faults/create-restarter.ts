import { firstValueFrom, map, merge, Subject, timer } from 'rxjs';
import { duration } from '../check.js';
import type { Listener } from '../listener.js';

/** Takes a server down, for a while or for good. */
export interface Restarter {
  restart(downFor?: number): Promise<void>;
  /** Takes it down; a restart under way comes to nothing. */
  stop(): Promise<void>;
}

/** Of a server that listens. */
export function createRestarter(listener: Pick<Listener, 'start' | 'stop'>): Restarter {
  const stopped$ = new Subject<false>();
  const stop = () => {
    stopped$.next(false);
    return listener.stop();
  };
  return {
    stop,
    restart: async (downFor = 0) => {
      duration('downFor', downFor);
      const closed = stop();
      // Counted from now on, not from when the last connection has gone.
      const again = firstValueFrom(merge(timer(downFor).pipe(map(() => true)), stopped$));
      await closed;
      if (await again) await listener.start();
    },
  };
}
