import type { Observable } from 'rxjs';
import { asyncScheduler, defer, distinctUntilChanged, filter, map, startWith } from 'rxjs';

/** ms between two heartbeats: what comes faster is one beat, what comes slower is none. */
const fastest = 1_000;
const slowest = 300_000;
/** Beats until the cadence counts as known, and how many of its intervals may be missed. */
const enough = 3;
/** ms of silence that are always allowed. */
const patience = 10_000;

/** How often a server gives a sign of life, learnt over all connections of one socket object. */
export interface Heartbeats {
  /** ms of silence allowed on this connection, as far as that is known, and whenever it changes. */
  limit(beat$: Observable<unknown>): Observable<number>;
  /** What was learnt has led to a verdict. */
  doubt(): void;
}

/**
 * It measures with the clock, but decides nothing by it. An interval that is too long to be one (a clock that jumped, a laptop that
 * slept) is not learnt: it would switch the detection off.
 */
export function createHeartbeats(): Heartbeats {
  let beats = 0;
  let beatsHere = 0;
  let longest = 0;
  return {
    limit: (beat$) =>
      defer(() => {
        let last: number | undefined;
        beatsHere = 0;
        const learn = () => {
          const now = asyncScheduler.now();
          const interval = last === undefined ? fastest : now - last;
          if (interval >= 0 && interval < fastest) return;
          last = now;
          if (interval < 0 || interval > slowest) return;
          longest = Math.max(longest, interval);
          beats += 1;
          beatsHere += 1;
        };
        return beat$.pipe(
          map(learn),
          startWith(undefined),
          map(() => (beats < enough ? 0 : Math.max(patience, enough * longest))),
          filter((limit) => limit > 0),
          distinctUntilChanged(),
        );
      }),
    doubt() {
      // learnt elsewhere: this server may beat more slowly, or not at all
      if (beatsHere < enough) beats = 0;
    },
  };
}
