import { ConnectionError } from 'rx-graphql-ws';
import type { Observable as Answers, OperatorFunction, Subscriber } from 'rxjs';
import {
  asyncScheduler,
  concatMap,
  filter,
  map,
  Observable,
  Subscription,
  timeout,
  timer,
} from 'rxjs';
import { createAnswer } from './answer.js';
import type { Emitted } from './emitted.js';
import { createEmitted } from './emitted.js';
import type { Gap } from './gap.js';
import { isGap } from './gap.js';
import type { Held, Item } from './held.js';
import { createHeld } from './held.js';
import type { Keyed } from './keyed.js';
import type { Missing } from './missing.js';
import type { RecoverOptions } from './options.js';

/** Each emission is a part of the answer. */
export type Ask<TRow> = (missing: Missing<TRow>) => Answers<readonly Keyed<TRow>[]>;

/** ms: the quiet after a send before the history is asked, and the first pause before it is asked again in vain. */
const settling = 1_000;

/**
 * Emits each key once, and fills gaps.
 *
 * At a gap rows are held, and the missing ones are asked for until the first row that is held is among the answers. That nothing is missing in
 * between is then seen. A question at the time of the send would prove nothing, because it races the subscription, and histories lag.
 * A gap that stays open is emitted in its place.
 *
 * @param ask - without it every gap stays
 * @param handled - rows that must not be emitted, in order
 */
export function fill<TRow>(
  ask: Ask<TRow> | undefined,
  keyed: (row: TRow) => Keyed<TRow>,
  handled: readonly Keyed<TRow>[],
  limits: Limits,
): OperatorFunction<TRow | Gap, TRow | Gap> {
  return (source$) =>
    new Observable((subscriber) => {
      const filling = new Filling(subscriber, ask, handled, limits);
      subscriber.add(() => filling.leave());
      subscriber.add(
        source$.pipe(map((item) => (isGap(item) ? item : keyed(item)))).subscribe(filling),
      );
    });
}

/** See {@link RecoverOptions}. */
type Limits = Pick<RecoverOptions<unknown, unknown, unknown>, 'remember' | 'buffer' | 'timeout'>;

/** One recovered stream: what comes is emitted, or held while a gap is being filled. */
class Filling<TRow> {
  readonly #subscriber: Subscriber<TRow | Gap>;
  readonly #ask: Ask<TRow> | undefined;
  readonly #emitted: Emitted<TRow>;
  readonly #held: Held<TRow>;
  readonly #limit: number;
  /** The gap that is being filled. */
  #gap: Gap | undefined;
  /** The items that are let go of just now. It grows by those that come from within. */
  #released: Item<TRow>[] | undefined;
  /** The wait for the next question, and the call. */
  #work = Subscription.EMPTY;
  #isAsking = false;
  #isComplete = false;
  #pause = settling;
  /** When a row was last recovered, or else the first question was asked. */
  #heardAt: number | undefined;

  constructor(
    subscriber: Subscriber<TRow | Gap>,
    ask: Ask<TRow> | undefined,
    handled: readonly Keyed<TRow>[],
    { remember = 10_000, buffer = 10_000, timeout: patience = 30_000 }: Limits,
  ) {
    this.#subscriber = subscriber;
    this.#ask = ask;
    this.#emitted = createEmitted(subscriber, handled, remember);
    this.#held = createHeld(buffer);
    // beyond 2 ** 31 ms a timer fires at once
    this.#limit = Math.min(patience, 2 ** 30);
  }

  next(item: Item<TRow>): void {
    if (this.#released) this.#released.push(item);
    else this.#deliver(item);
  }

  error(error: unknown): void {
    if (this.#gap) this.#fail(error);
    this.#subscriber.error(error);
  }

  complete(): void {
    this.#isComplete = true;
    if (!this.#gap) {
      if (!this.#released) this.#subscriber.complete();
    } else if (this.#work.closed) this.#release();
    else if (!this.#isAsking) this.#question(0);
  }

  leave(): void {
    this.#work.unsubscribe();
  }

  #deliver(item: Item<TRow>): void {
    if (this.#gap) this.#hold(item);
    else if (!isGap(item)) this.#emitted.emit(item, true);
    else if (this.#ask) {
      this.#gap = item;
      this.#heardAt = undefined;
      this.#pause = settling;
      this.#question(settling);
    } else this.#emitted.cut(item);
  }

  #hold(item: Item<TRow>): void {
    const { first } = this.#held;
    this.#held.push(item);
    if (this.#isAsking) return;
    if (isGap(item)) this.#question(settling);
    else if (first) return;
    else if (this.#isJoined()) this.#release();
    else this.#question(0);
  }

  /** Whether the first row behind the gap is among the answers. */
  #isJoined(): boolean {
    const { first } = this.#held;
    return first !== undefined && this.#emitted.has(first);
  }

  /** Lets go of what is held. A gap that is filled over is none. */
  #release(unfilled?: Gap): void {
    const released = this.#held.takeAll();
    let due = released.length;
    this.#work.unsubscribe();
    this.#released = released;
    this.#gap = undefined;
    if (unfilled) this.#emitted.cut(unfilled);
    for (const item of released) {
      if (this.#subscriber.closed) return;
      due -= 1;
      // a gap that comes from within is to be filled
      if (due < 0 || !isGap(item)) this.#deliver(item);
      else if (unfilled) this.#emitted.cut(item);
    }
    this.#released = undefined;
    if (this.#isComplete) this.complete();
  }

  #fail(error: unknown): void {
    this.#release(this.#isJoined() ? undefined : { ...(this.#gap as Gap), error });
  }

  /** Asks after `ms`. */
  #question(ms: number): void {
    const { last } = this.#emitted;
    const limit = this.#limit;
    const answer = createAnswer(this.#emitted);
    const isNew = (item: Keyed<TRow>) => answer.read(item, this.#held.first?.key);
    const end = (this.#heardAt ?? asyncScheduler.now() + ms) + limit;
    this.#isAsking = false;
    this.#work.unsubscribe();
    this.#work = timer(ms)
      .pipe(
        concatMap(() => this.#call(last)),
        filter((part) => part.filter(isNew).length > 0),
        timeout({
          first: new Date(end),
          each: limit,
          with() {
            throw new ConnectionError(`\`backfill\` brought no row within ${limit} ms`);
          },
        }),
      )
      .subscribe({
        error: (error: unknown) => this.#fail(error),
        complete: () => {
          answer.end();
          this.#answered(this.#emitted.last !== last);
        },
      });
  }

  #call(last: TRow | undefined): ReturnType<Ask<TRow>> {
    this.#isAsking = true;
    this.#heardAt ??= asyncScheduler.now();
    const { since, until } = this.#gap as Gap;
    return (this.#ask as Ask<TRow>)({ last, first: this.#held.first?.row, since, until });
  }

  #answered(hasNews: boolean): void {
    this.#isAsking = false;
    if (this.#isJoined()) this.#release();
    else if (hasNews) {
      this.#pause = settling;
      this.#heardAt = asyncScheduler.now();
      this.#question(this.#held.first ? 0 : settling);
    } else if (this.#held.some((row) => !this.#emitted.has(row))) {
      this.#question(this.#pause);
      this.#pause *= 2;
    } else {
      // as far as anybody knows that is all; the next row will tell
      this.#heardAt = undefined;
      if (this.#isComplete) this.#release();
    }
  }
}
