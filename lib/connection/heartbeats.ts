import type { Observable } from 'rxjs';
import {
  asyncScheduler,
  defer,
  distinctUntilChanged,
  filter,
  map,
  merge,
  NEVER,
  startWith,
} from 'rxjs';

/** ms between two heartbeats: what comes faster is one beat, what comes slower is none. */
const fastest = 1_000;
const slowest = 300_000;
/** Beats on one connection until the cadence counts as known, and how many of its intervals may be missed. */
const enough = 3;
/** ms of silence that are always allowed. */
const patience = 10_000;

/** How often a server gives a sign of life, learnt over all connections of one socket object. */
export interface Heartbeats {
  /**
   * ms of silence allowed on this connection, as far as that is known, and whenever it changes.
   *
   * @param reading$ - whether what comes is read at once
   */
  limit(beat$: Observable<unknown>, reading$?: Observable<boolean>): Observable<number>;
  /** What was learnt has led to a verdict. */
  doubt(): void;
}

/**
 * It measures with the clock, but decides nothing by it. An interval that is too long to be one (a clock that jumped, a laptop that
 * slept) is not learnt: it would switch the detection off.
 */
export function createHeartbeats(): Heartbeats {
  let known = false;
  let beatsHere = 0;
  let longest = 0;
  const limitNow = () => Math.max(patience, enough * longest);
  return {
    limit: (beat$, reading$ = NEVER) =>
      defer(() => {
        let last: number | undefined;
        /** Beats that end no interval of the server's: the first that was read late, and the one after it. */
        let skipped = 0;
        beatsHere = 0;
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
          // we slept, or other frames stood in for beats: the server does not beat so slowly
          if (known && interval > limitNow()) return;
          longest = Math.max(longest, interval);
          beatsHere += 1;
          known ||= beatsHere >= enough;
        };
        const pause = (reading: boolean) => {
          if (!reading) skipped = 2;
        };
        return merge(beat$.pipe(map(learn)), reading$.pipe(map(pause))).pipe(
          startWith(undefined),
          map(() => (known ? limitNow() : 0)),
          filter((limit) => limit > 0),
          distinctUntilChanged(),
        );
      }),
    doubt() {
      // learnt elsewhere: this server may beat more slowly, or not at all
      if (beatsHere < enough) known = false;
    },
  };
}
