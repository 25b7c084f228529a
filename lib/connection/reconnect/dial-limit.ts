import type { Observable } from 'rxjs';
import { asyncScheduler, defer, of, switchMap, timer } from 'rxjs';

/** Dials in a burst, and ms for one more. */
const burst = 3;
const period = 1_000;

export type DialLimit = ReturnType<typeof createDialLimit>;

/**
 * A token bucket: at most one dial a second sustained, three in a burst, whatever the options, because no server is to be hammered.
 * It reads the clock, because a timer would outlive the last subscriber. A clock that jumps costs a second's wait or a burst,
 * no more.
 */
export function createDialLimit() {
  /** The instant at which the whole burst is available again. */
  let fullAt = 0;
  let refunded = false;
  let postponed = { ms: 0, until: 0 };
  /** ms until the next dial may begin. */
  const wait = () => {
    if (refunded) return 0;
    const now = asyncScheduler.now();
    const asked = Math.min(postponed.until - now, postponed.ms);
    fullAt = Math.min(Math.max(fullAt, now), now + burst * period);
    return Math.max(fullAt - now - (burst - 1) * period, asked, 0);
  };
  /** Emits when the next dial may begin, at once if it may now. */
  const available = (): Observable<unknown> =>
    defer(() => {
      const ms = wait();
      return ms > 0 ? timer(ms).pipe(switchMap(available)) : of(ms);
    });
  /** Counts a dial. */
  const count = () => {
    if (!refunded) fullAt += period;
    refunded = false;
  };
  return {
    wait,
    available,
    count,
    /** The server has asked for `ms` without a dial. */
    postpone(ms: number) {
      postponed = { ms, until: asyncScheduler.now() + ms };
    },
    /** The next dial is not counted, because it follows a clean close of ours. */
    refund() {
      refunded = true;
    },
  };
}
