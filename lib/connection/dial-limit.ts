import type { Observable } from 'rxjs';
import { asyncScheduler, defer, of, switchMap, tap, timer } from 'rxjs';

/** Dials in a burst, and ms for one more. */
const burst = 3;
const period = 1_000;

/** At most one dial a second sustained, three in a burst, whatever the options: nobody's server is to be hammered. */
export interface DialLimit {
  /** ms until the next dial may begin. */
  wait(): number;
  /** Emits when the next dial may begin, at once if it may now. */
  ready(): Observable<unknown>;
  /** The same, and counts that dial. */
  turn(): Observable<unknown>;
  /** The server has asked for `ms` without a dial, whoever wants one. */
  postpone(ms: number): void;
  /** Counts a dial. */
  count(): void;
  /** The next dial follows a clean close of ours: it is not counted. */
  excuse(): void;
}

/**
 * It reads the clock, unlike all else that decides: a timer for it would outlive the last subscriber. A clock that jumps costs a
 * second's wait or a burst, no more.
 */
export function createDialLimit(): DialLimit {
  /** When all of the burst is there again. */
  let whole = 0;
  let excused = false;
  let postponed = { ms: 0, until: 0 };
  const wait = () => {
    if (excused) return 0;
    const now = asyncScheduler.now();
    const asked = Math.min(postponed.until - now, postponed.ms);
    whole = Math.min(Math.max(whole, now), now + burst * period);
    return Math.max(whole - now - (burst - 1) * period, asked, 0);
  };
  const ready = (): Observable<unknown> =>
    defer(() => {
      const ms = wait();
      return ms > 0 ? timer(ms).pipe(switchMap(ready)) : of(ms);
    });
  const count = () => {
    if (!excused) whole += period;
    excused = false;
  };
  return {
    wait,
    ready,
    turn: () => ready().pipe(tap(count)),
    postpone(ms) {
      postponed = { ms, until: asyncScheduler.now() + ms };
    },
    count,
    excuse() {
      excused = true;
    },
  };
}
