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
import type { Gap } from './gap.js';
import { isGap } from './gap.js';
import type { Key, Keyed } from './keyed.js';
import type { Missing } from './missing.js';
import type { RecoverOptions } from './options.js';

/** Each emission is a part of the answer. */
export type Ask<TRow> = (missing: Missing<TRow>) => Answers<readonly Keyed<TRow>[]>;

type Item<TRow> = Keyed<TRow> | Gap;

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
  readonly #remember: number;
  readonly #buffer: number;
  readonly #limit: number;
  /** The number of the present piece: gaps that stay cut the stream into pieces. */
  #piece = 1;
  /** The first row of the present piece. */
  #start: Key | undefined;
  /** Whether the next row begins a piece. */
  #isCut: boolean;
  /** The latest keys, each with its piece. */
  readonly #keys: Map<Key, number>;
  #last: TRow | undefined;
  /** The gap that is being filled. */
  #gap: Gap | undefined;
  #held: Item<TRow>[] = [];
  /** How many rows came since the gap. */
  #rows = 0;
  /** The first row that is held behind the last loss. */
  #first: Keyed<TRow> | undefined;
  /** The items that are let go of just now. It grows by those that come from within. */
  #released: Item<TRow>[] | undefined;
  /** The wait for the next question, and the call. */
  #work = Subscription.EMPTY;
  #isAsking = false;
  #isComplete = false;
  #pause = settling;
  /** When a row was last recovered, or else the first question was asked. */
  #heardAt: number | undefined;
  /**
   * Unknown rows of the answer. It may begin far before the gap: rows before the present piece were never subscribed to, or their gap stays.
   * These are not emitted. The others are, when the answer shows a row of the present piece, or is complete and has shown no row of an earlier one.
   */
  #unsure: Keyed<TRow>[] | undefined;
  /** Whether the answer has shown a row of an earlier piece. */
  #isBehind = false;

  constructor(
    subscriber: Subscriber<TRow | Gap>,
    ask: Ask<TRow> | undefined,
    handled: readonly Keyed<TRow>[],
    { remember = 10_000, buffer = 10_000, timeout: patience = 30_000 }: Limits,
  ) {
    this.#subscriber = subscriber;
    this.#ask = ask;
    this.#remember = remember;
    this.#buffer = buffer;
    // beyond 2 ** 31 ms a timer fires at once
    this.#limit = Math.min(patience, 2 ** 30);
    this.#start = handled[0]?.key;
    this.#isCut = handled.length === 0;
    this.#keys = new Map(handled.map(({ key }) => [key, 1]));
    this.#last = handled.at(-1)?.row;
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

  #emit({ row, key }: Keyed<TRow>): void {
    if (this.#keys.has(key)) return;
    if (!this.#gap) this.#forgetOld();
    if (this.#isCut) {
      this.#piece += 1;
      this.#start = key;
      this.#isCut = false;
    }
    this.#keys.set(key, this.#piece);
    this.#last = row;
    this.#subscriber.next(row);
  }

  #forgetOld(): void {
    if (this.#keys.size < 2 * this.#remember) return;
    for (const known of this.#keys.keys()) {
      if (this.#keys.size > this.#remember) this.#keys.delete(known);
    }
  }

  /** Emits a gap that stays. */
  #cut(gap: Gap): void {
    this.#isCut = true;
    this.#subscriber.next(gap);
  }

  #deliver(item: Item<TRow>): void {
    if (this.#gap) this.#hold(item);
    else if (!isGap(item)) this.#emit(item);
    else if (this.#ask) {
      this.#gap = item;
      this.#heardAt = undefined;
      this.#pause = settling;
      this.#question(settling);
    } else this.#cut(item);
  }

  #hold(item: Item<TRow>): void {
    const isNext = !this.#first;
    this.#held.push(item);
    if (isGap(item)) {
      this.#first = undefined;
      if (!this.#isAsking) this.#question(settling);
      return;
    }
    this.#first ??= item;
    this.#rows += 1;
    if (this.#rows > this.#buffer) this.#dropOldest();
    if (!isNext || this.#isAsking) return;
    if (this.#isJoined()) this.#release();
    else this.#question(0);
  }

  /** Makes room: the oldest row is missing again. */
  #dropOldest(): void {
    let dropped = this.#held.shift();
    while (isGap(dropped)) dropped = this.#held.shift();
    if (dropped === this.#first) this.#first = this.#held[0] as Keyed<TRow>;
  }

  /** Whether the first row behind the gap is among the answers. */
  #isJoined(): boolean {
    return this.#first !== undefined && this.#keys.has(this.#first.key);
  }

  /** Lets go of what is held. A gap that is filled over is none. */
  #release(unfilled?: Gap): void {
    const released = this.#held;
    let due = released.length;
    this.#work.unsubscribe();
    this.#released = released;
    this.#held = [];
    this.#gap = this.#first = undefined;
    this.#rows = 0;
    if (unfilled) this.#cut(unfilled);
    for (const item of released) {
      if (this.#subscriber.closed) return;
      due -= 1;
      // a gap that comes from within is to be filled
      if (due < 0 || !isGap(item)) this.#deliver(item);
      else if (unfilled) this.#cut(item);
    }
    this.#released = undefined;
    if (this.#isComplete) this.complete();
  }

  #fail(error: unknown): void {
    this.#release(this.#isJoined() ? undefined : { ...(this.#gap as Gap), error });
  }

  /** Asks after `ms`. */
  #question(ms: number): void {
    const last = this.#last;
    const limit = this.#limit;
    const end = (this.#heardAt ?? asyncScheduler.now() + ms) + limit;
    this.#unsure = last === undefined ? undefined : [];
    this.#isBehind = this.#isAsking = false;
    this.#work.unsubscribe();
    this.#work = timer(ms)
      .pipe(
        concatMap(() => this.#call(last)),
        filter((part) => part.filter((item) => this.#read(item)).length > 0),
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
          if (!this.#isBehind) this.#emitUnsure();
          this.#answered(this.#last !== last);
        },
      });
  }

  #call(last: TRow | undefined): ReturnType<Ask<TRow>> {
    this.#isAsking = true;
    this.#heardAt ??= asyncScheduler.now();
    const { since, until } = this.#gap as Gap;
    return (this.#ask as Ask<TRow>)({ last, first: this.#first?.row, since, until });
  }

  /** Whether the row of an answer is new. */
  #read(item: Keyed<TRow>): boolean {
    const known = this.#keys.get(item.key);
    if (this.#unsure) this.#place(item.key, known);
    if (this.#unsure) this.#unsure.push(item);
    else this.#emit(item);
    return !known;
  }

  #place(key: Key, known: number | undefined): void {
    if (known && known < this.#piece) {
      this.#unsure = [];
      this.#isBehind = true;
    } else if (known || key === this.#first?.key) {
      if (key !== this.#start) this.#emitUnsure();
      this.#unsure = undefined;
    }
  }

  #emitUnsure(): void {
    for (const item of this.#unsure ?? []) this.#emit(item);
  }

  #answered(hasNews: boolean): void {
    this.#isAsking = false;
    if (this.#isJoined()) this.#release();
    else if (hasNews) {
      this.#pause = settling;
      this.#heardAt = asyncScheduler.now();
      this.#question(this.#first ? 0 : settling);
    } else if (this.#held.some((item) => !isGap(item) && !this.#keys.has(item.key))) {
      this.#question(this.#pause);
      this.#pause *= 2;
    } else {
      // as far as anybody knows that is all; the next row will tell
      this.#heardAt = undefined;
      if (this.#isComplete) this.#release();
    }
  }
}
