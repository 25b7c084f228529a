import { ConnectionError } from 'rx-graphql-ws';
import type { Observable } from 'rxjs';
import { asyncScheduler, concatMap, filter, Subscription, throwError, timeout, timer } from 'rxjs';
import type { Gap } from './gap.js';
import { createGap, isGap } from './gap.js';
import type { Keyed, Keys } from './keys.js';
import type { Missing } from './missing.js';
import { readAnswer } from './read-answer.js';

export type Item<TRow> = Keyed<TRow> | Gap;

export interface FillingOptions<TRow> {
  /** Each emission is a part of the answer. Nothing: the rows cannot be had. */
  readonly ask: (missing: Missing<TRow>) => Observable<readonly Keyed<TRow>[]> | undefined;
  /** Live rows that are held. The oldest ones make room: they are missing again. */
  readonly buffer: number | undefined;
  /** ms without a recovered row. */
  readonly timeout: number | undefined;
}

/** The stream in which a gap is filled. */
export interface Stream<TRow> {
  readonly keys: Keys;
  /** The last row that was emitted. */
  last(): TRow | undefined;
  /** Emits a row, unless it is known. */
  emit(item: Keyed<TRow>): void;
  /** The filling is over: lets go of what was held, behind the gap if there is one. */
  release(items: Item<TRow>[], gap?: Gap): void;
}

/** A gap that is being filled. */
export interface Filling<TRow> {
  take(item: Item<TRow>): void;
  /** The stream has failed. */
  fail(error: unknown): void;
  /** The stream is complete. */
  complete(): void;
  /** Leaves no timer and no call. */
  stop(): void;
}

/** ms: the quiet after a send before the history is asked, and the first pause before it is asked again in vain. */
const settling = 1_000;

/**
 * Holds rows back and asks for the missing ones until the first row that is held is among the answers. That nothing is missing in between
 * is then seen. A question at the time of the send would prove nothing, because it races the subscription, and histories lag.
 */
export function startFilling<TRow>(
  { since, until }: Gap,
  { ask: getAnswer, buffer = 10_000, timeout: limit = 30_000 }: FillingOptions<TRow>,
  { keys, last, emit, release }: Stream<TRow>,
): Filling<TRow> {
  const held: Item<TRow>[] = [];
  let rows = 0;
  /** The first row that is held behind the last loss. */
  let first: Keyed<TRow> | undefined;
  /** The timer until the next question, then the call. */
  let work = Subscription.EMPTY;
  let isAsking = false;
  let isComplete = false;
  let pause = settling;
  /** When a row was last recovered, or the first question was asked. */
  let heardAt: number | undefined;

  const end = (gap?: Gap) => {
    work.unsubscribe();
    release(held, gap);
  };
  const isJoined = () => first && keys.has(first.key);
  const fail = (error: unknown) => {
    end(isJoined() ? undefined : createGap(since, until, error));
  };
  const tooLate = () =>
    new ConnectionError(`\`backfill\` brought no row within ${limit} ms`);
  const ask = (ms: number) => {
    const before = last();
    const reader = readAnswer(keys, emit, ({ key }) => key === first?.key);
    isAsking = false;
    work.unsubscribe();
    work = timer(ms)
      .pipe(
        concatMap(() => {
          isAsking = true;
          heardAt ??= asyncScheduler.now();
          const missing = { last: before, first: first?.row, since, until };
          return getAnswer(missing) ?? throwError(() => undefined);
        }),
        filter((part) => part.filter(reader.read).length > 0),
        timeout({ first: ms + limit, each: limit, with: () => throwError(tooLate) }),
      )
      .subscribe({
        error: fail,
        complete() {
          reader.end();
          answered(last() !== before);
        },
      });
  };
  const answered = (hasNews: boolean) => {
    const now = asyncScheduler.now();
    isAsking = false;
    if (hasNews) {
      pause = settling;
      heardAt = now;
    }
    const left = Number(heardAt) + limit - now;
    if (isJoined()) end();
    else if (hasNews) ask(first ? 0 : settling);
    else if (!first) {
      // that is all there is, as far as anybody knows; the next row will tell
      heardAt = undefined;
      if (isComplete) end();
    } else if (left > 0) {
      ask(Math.min(pause, left));
      pause *= 2;
    } else fail(tooLate());
  };
  const dropOldest = () => {
    let dropped = held.shift();
    while (isGap(dropped)) dropped = held.shift();
    rows -= 1;
    if (dropped === first) first = held[0] as Keyed<TRow>;
  };

  ask(settling);
  return {
    fail,
    take(item) {
      held.push(item);
      const isNext = !first;
      if (isGap(item)) {
        first = undefined;
        if (!isAsking) ask(settling);
        return;
      }
      first ??= item;
      rows += 1;
      if (rows > buffer) dropOldest();
      if (isAsking || !isNext) return;
      if (isJoined()) end();
      else ask(0);
    },
    complete() {
      isComplete = true;
      if (work.closed) end();
      else if (!isAsking) ask(0);
    },
    stop() {
      work.unsubscribe();
    },
  };
}
