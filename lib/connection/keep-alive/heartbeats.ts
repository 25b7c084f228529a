import type { Observable } from 'rxjs';
import { asyncScheduler, defer, distinctUntilChanged, filter, map, merge, NEVER, of } from 'rxjs';

/** ms between two heartbeats: faster signs of life are one heartbeat, slower ones are none. */
const fastest = 1_000;
const slowest = 300_000;
/** Heartbeats on one connection until the interval counts as known; and the number of intervals that may pass in silence. */
const heartbeatsToLearn = 3;
/** ms of silence that are always allowed. */
const minSilenceMs = 10_000;

export type Heartbeats = ReturnType<typeof createHeartbeats>;

/**
 * The interval of the server's signs of life, learnt over all connections of one pipeline. Intervals are measured with the clock, and a
 * deadline never is. An interval that is too long to be one (a clock that jumped, a laptop that slept) is not learnt, because it would
 * switch the detection off.
 */
export function createHeartbeats() {
  let known = false;
  let heartbeatsHere = 0;
  let longest = 0;
  const limitNow = () => Math.max(minSilenceMs, heartbeatsToLearn * longest);
  return {
    /**
     * ms of silence allowed on this connection, as far as that is known, and whenever it changes.
     *
     * @param reading$ - whether arriving data are read at once
     */
    limit: (heartbeat$: Observable<unknown>, reading$: Observable<boolean> = NEVER) =>
      defer(() => {
        let last: number | undefined;
        /** Heartbeats that end no interval of the server's: the first that was read late, and the next one. */
        let skipped = 0;
        heartbeatsHere = 0;
        const learn = () => {
          const now = asyncScheduler.now();
          const interval = last === undefined ? fastest : now - last;
          if (interval >= 0 && interval < fastest) return;
          last = now;
          if (skipped > 0) {
            skipped -= 1;
            return;
          }
          if (interval < 0 || interval > slowest) return;
          // we slept, or other frames replaced heartbeats: the server's interval is not that long
          if (known && interval > limitNow()) return;
          longest = Math.max(longest, interval);
          heartbeatsHere += 1;
          known ||= heartbeatsHere >= heartbeatsToLearn;
        };
        const pause = (reading: boolean) => {
          if (!reading) skipped = 2;
        };
        return merge(of(0), heartbeat$.pipe(map(learn)), reading$.pipe(map(pause))).pipe(
          map(() => (known ? limitNow() : 0)),
          filter((limit) => limit > 0),
          distinctUntilChanged(),
        );
      }),
    /** The limit has been exceeded. */
    doubt() {
      // the interval was learnt elsewhere: this server's may be longer, or it sends no heartbeats
      if (heartbeatsHere < heartbeatsToLearn) known = false;
    },
  };
}
