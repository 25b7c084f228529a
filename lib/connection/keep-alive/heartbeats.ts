import type { Observable } from 'rxjs';
import { asyncScheduler, defer, distinctUntilChanged, filter, map, merge, NEVER, of } from 'rxjs';

/** ms between two heartbeats: faster signs of life are one heartbeat, slower ones are none. */
const fastest = 1_000;
const slowest = 300_000;
/** Heartbeats on one connection until the interval counts as known; and the number of intervals that may pass in silence. */
const heartbeatsToLearn = 3;
/** The latest intervals that count: one that a clock made too long is forgotten again. */
const remembered = 10;
/** ms of silence that are always allowed, and at most. */
const minSilenceMs = 10_000;
const maxSilenceMs = 3_600_000;
/** A verdict that may have been wrong multiplies the silence that is allowed next. So many ms of regular heartbeats take that back. */
const leniency = 4;
const steadyMs = 600_000;

/**
 * The interval of the server's signs of life, learnt over all connections of one pipeline. Intervals are measured with the clock, and a
 * deadline never is. An interval that is too long to be one (a clock that jumped, a laptop that slept) is not learnt, because it would
 * switch the detection off.
 */
export class Heartbeats {
  #known = false;
  #heartbeatsHere = 0;
  #intervals: readonly number[] = [];
  #factor = 1;
  #answers = false;
  #steadySince: number | undefined;

  /**
   * ms of silence allowed on this connection, as far as that is known, and whenever it changes.
   *
   * @param reading$ - whether arriving data are read at once
   */
  limit(
    heartbeat$: Observable<unknown>,
    reading$: Observable<boolean> = NEVER,
  ): Observable<number> {
    return defer(() => {
      let last: number | undefined;
      /** Heartbeats that end no interval of the server's: the first that was read late, and the next one. */
      let skipped = 0;
      this.#heartbeatsHere = 0;
      this.#steadySince = undefined;
      const hear = () => {
        const now = asyncScheduler.now();
        const interval = last === undefined ? fastest : now - last;
        if (interval >= 0 && interval < fastest) return;
        last = now;
        this.#settle(now, interval);
        if (skipped > 0) skipped -= 1;
        else this.#learn(interval);
      };
      const pause = (reading: boolean) => {
        if (!reading) skipped = 2;
      };
      return merge(of(0), heartbeat$.pipe(map(hear)), reading$.pipe(map(pause))).pipe(
        map(() => (this.#known ? this.#limitNow() : 0)),
        filter((limit) => limit > 0),
        distinctUntilChanged(),
      );
    });
  }

  /** The server has answered when it was asked. */
  answered(): void {
    this.#answers = true;
  }

  /** The limit has been exceeded; `asked`: and there was no answer, which means something of a server that has answered before. */
  doubt(asked: boolean): void {
    // the interval was learnt elsewhere: this server's may be longer, or it sends no heartbeats
    if (this.#heartbeatsHere < heartbeatsToLearn) this.#known = false;
    if (!asked || !this.#answers) this.#factor *= leniency;
  }

  #regular() {
    return Math.max(minSilenceMs, heartbeatsToLearn * Math.max(0, ...this.#intervals));
  }

  #limitNow() {
    return Math.min(this.#regular() * this.#factor, maxSilenceMs);
  }

  /** Takes leniency back after regular heartbeats. */
  #settle(now: number, interval: number) {
    if (this.#steadySince === undefined || interval > this.#regular()) this.#steadySince = now;
    if (now - this.#steadySince >= steadyMs) this.#factor = 1;
  }

  #learn(interval: number) {
    if (interval < 0 || interval > slowest) return;
    // we slept, or other frames replaced heartbeats: the server's interval is not that long
    if (this.#known && interval > this.#limitNow()) return;
    this.#intervals = [...this.#intervals, interval].slice(-remembered);
    this.#heartbeatsHere += 1;
    this.#known ||= this.#heartbeatsHere >= heartbeatsToLearn;
  }
}
