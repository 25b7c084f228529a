import { useFakeTimers } from 'sinon';

/** Virtual time: timers, `Date` and `performance.now()`. */
export interface Clock {
  /** ms since the run began, whatever `Date` says. */
  elapsed(): number;
  advance(ms: number): void;
  /** Moves `Date` alone; no timer is due sooner or later for it. */
  jump(ms: number): void;
  /** When it last did, in ms since the run began. */
  jumpedAt(): number;
  /** Timers that wait, of the library and of the fake sockets; those of {@link Clock.later} apart. */
  timers(): number;
  /** For what the server does by itself. */
  later(ms: number, act: () => void): void;
  /** Before a run. */
  reset(): void;
  /** Gives the real time back. */
  release(): void;
}

const epoch = Date.UTC(2026, 0, 1);

export function createClock(): Clock {
  const fake = useFakeTimers({
    now: epoch,
    toFake: ['setTimeout', 'clearTimeout', 'setInterval', 'clearInterval', 'Date', 'performance'],
  });
  let start = epoch;
  let own = 0;
  let jumpedAt = -Infinity;
  return {
    elapsed: () => fake.now - start,
    advance(ms) {
      fake.tick(ms);
    },
    jump(ms) {
      fake.setSystemTime(fake.now + ms);
      start += ms;
      jumpedAt = fake.now - start;
    },
    jumpedAt: () => jumpedAt,
    timers: () => fake.countTimers() - own,
    later(ms, act) {
      own += 1;
      setTimeout(() => {
        own -= 1;
        act();
      }, ms);
    },
    reset() {
      fake.reset();
      start = fake.now;
      own = 0;
    },
    release() {
      fake.restore();
    },
  };
}
