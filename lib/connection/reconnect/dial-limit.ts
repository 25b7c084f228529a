import type { Observable } from 'rxjs';
import { asyncScheduler, defer, of, switchMap, tap, timer } from 'rxjs';

export type DialLimit = ReturnType<typeof createDialLimit>;

/** Gives turns to dial, by tokens. */
export interface Turns {
  /** ms until a dial has its turn. */
  wait(): number;
  take(): void;
  /** The clock has missed so many ms. */
  credit(ms: number): void;
  /**
   * A connection has proven itself, or was of use when we closed it (`wasLeft`); otherwise an attempt has failed, or a connection was lost or of no use.
   */
  judge(wasOfUse: boolean, wasLeft?: boolean): void;
}

/**
 * At most one dial a second sustained, three in a burst, whatever the options, because no server is to be hammered. A dial is excused if the
 * connection before it was of use when we closed it; excused dials have a limit of their own: five a second, ten in a burst. `burst` is `Infinity`
 * where there is no network.
 */
export function turnsOfOne(burst = 3): Turns {
  const counted = createBucket(burst, 1_000);
  const excused = createBucket(10, 200);
  let isExcused = false;
  return {
    wait() {
      const ms = counted.wait();
      return isExcused ? Math.min(ms, excused.wait()) : ms;
    },
    take() {
      (isExcused && excused.wait() <= 0 ? excused : counted).take();
      isExcused = false;
    },
    credit(ms) {
      counted.credit(ms);
      excused.credit(ms);
    },
    judge(wasOfUse, wasLeft) {
      isExcused = wasOfUse && wasLeft === true;
    },
  };
}

/** Waits for turns, and for what the server has asked. */
export function createDialLimit(turns: Turns = turnsOfOne()) {
  let postponed = { ms: 0, until: 0 };
  /** ms until the next dial may begin. */
  const wait = () => {
    const asked = Math.min(postponed.until - asyncScheduler.now(), postponed.ms);
    return Math.max(turns.wait(), asked, 0);
  };
  /** A timer has waited for `ms`: if the clock did not move as far, it is wrong, and must not hold up a dial for ever. */
  const credit = (ms: number, before: number) => {
    const missing = ms - (asyncScheduler.now() - before);
    if (missing <= 0) return;
    turns.credit(missing);
    postponed.until -= missing;
  };
  /** Emits when the next dial may begin, at once if it may now. */
  const available = (): Observable<unknown> =>
    defer(() => {
      const ms = wait();
      if (ms <= 0) return of(ms);
      const before = asyncScheduler.now();
      return timer(ms).pipe(
        tap(() => {
          credit(ms, before);
        }),
        switchMap(available),
      );
    });
  return {
    wait,
    available,
    /** Counts a dial. */
    count: turns.take,
    judge: turns.judge,
    /** The server has asked for `ms` without a dial. */
    postpone(ms: number) {
      postponed = { ms, until: asyncScheduler.now() + ms };
    },
  };
}

/**
 * A token bucket that holds `burst`, and gets one more each `period` ms. It reads the clock, because a timer would outlive the last
 * subscriber. A clock that jumps costs one period's wait or a burst, no more.
 */
export function createBucket(burst: number, period: number) {
  /** The instant at which the whole burst is available again. */
  let fullAt = 0;
  return {
    /** ms until there is a token. */
    wait() {
      const now = asyncScheduler.now();
      fullAt = Math.min(Math.max(fullAt, now), now + burst * period);
      return fullAt - now - (burst - 1) * period;
    },
    take() {
      fullAt += period;
    },
    credit(ms: number) {
      fullAt -= ms;
    },
  };
}
