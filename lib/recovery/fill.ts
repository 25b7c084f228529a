import { ConnectionError } from 'rx-graphql-ws';
import type { Observable as Answer, OperatorFunction } from 'rxjs';
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
import type { Keyed } from './keyed.js';
import type { Missing } from './missing.js';

/** Each emission is a part of the answer. */
export type Ask<TRow> = (missing: Missing<TRow>) => Answer<readonly Keyed<TRow>[]>;

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
  remember = 10_000,
  buffer = 10_000,
  patience = 30_000,
): OperatorFunction<TRow | Gap, TRow | Gap> {
  // beyond 2 ** 31 ms a timer fires at once
  const limit = Math.min(patience, 2 ** 30);
  return (source$) =>
    new Observable((subscriber) => {
      /** The number of the present piece: gaps that stay cut the stream into pieces. */
      let piece = 1;
      /** The first row of the present piece. */
      let start = handled[0]?.key;
      /** Whether the next row begins a piece. */
      let isCut = handled.length === 0;
      /** The latest keys, each with its piece. */
      const keys = new Map(handled.map(({ key }) => [key, piece]));
      let last = handled.at(-1)?.row;
      /** The gap that is being filled. */
      let gap: Gap | undefined;
      let held: Item<TRow>[] = [];
      /** How many rows came since the gap. */
      let rows = 0;
      /** The first row that is held behind the last loss. */
      let first: Keyed<TRow> | undefined;
      /** The items that are let go of just now. It grows by those that come from within. */
      let released: Item<TRow>[] | undefined;
      /** The wait for the next question, and the call. */
      let work = Subscription.EMPTY;
      let isAsking = false;
      let isComplete = false;
      let pause = settling;
      /** When a row was last recovered, or else the first question was asked. */
      let heardAt: number | undefined;

      const emit = ({ row, key }: Keyed<TRow>) => {
        if (keys.has(key)) return;
        if (!gap && keys.size >= 2 * remember)
          for (const known of keys.keys()) if (keys.size > remember) keys.delete(known);
        if (isCut) {
          piece += 1;
          start = key;
          isCut = false;
        }
        keys.set(key, piece);
        last = row;
        subscriber.next(row);
      };
      const show = (open: Gap) => {
        isCut = true;
        subscriber.next(open);
      };
      const isJoined = () => first && keys.has(first.key);
      const deliver = (item: Item<TRow>) => {
        if (gap) hold(item);
        else if (!isGap(item)) emit(item);
        else if (ask) {
          gap = item;
          heardAt = undefined;
          pause = settling;
          question(settling);
        } else show(item);
      };
      const hold = (item: Item<TRow>) => {
        const isNext = !first;
        held.push(item);
        if (isGap(item)) {
          first = undefined;
          if (!isAsking) question(settling);
          return;
        }
        first ??= item;
        rows += 1;
        if (rows > buffer) dropOldest();
        if (!isNext || isAsking) return;
        if (isJoined()) release();
        else question(0);
      };
      /** Makes room: the oldest row is missing again. */
      const dropOldest = () => {
        let dropped = held.shift();
        while (isGap(dropped)) dropped = held.shift();
        if (dropped === first) first = held[0] as Keyed<TRow>;
      };
      /** Lets go of what is held. A gap that is filled over is none. */
      const release = (unfilled?: Gap) => {
        let due = held.length;
        work.unsubscribe();
        released = held;
        held = [];
        gap = first = undefined;
        rows = 0;
        if (unfilled) show(unfilled);
        for (const item of released) {
          if (subscriber.closed) return;
          due -= 1;
          // a gap that comes from within is to be filled
          if (due < 0 || !isGap(item)) deliver(item);
          else if (unfilled) show(item);
        }
        released = undefined;
        if (isComplete) finish();
      };
      const fail = (error: unknown) => {
        release(isJoined() ? undefined : { ...(gap as Gap), error });
      };
      /** Asks after `ms`. */
      const question = (ms: number) => {
        const before = last;
        const end = (heardAt ?? asyncScheduler.now() + ms) + limit;
        /**
         * Unknown rows of the answer. It may begin far before the gap: rows before the present piece were never subscribed to, or their gap stays.
         * These are not emitted. The others are, when the answer shows a row of the present piece, or is complete and has shown no row of an earlier one.
         */
        let unsure: Keyed<TRow>[] | undefined = before === undefined ? undefined : [];
        /** Whether the answer has shown a row of an earlier piece. */
        let isBehind = false;
        const read = (item: Keyed<TRow>) => {
          const known = keys.get(item.key);
          if (unsure && known && known < piece) {
            unsure = [];
            isBehind = true;
          } else if (unsure && (known || item.key === first?.key)) {
            if (item.key !== start) unsure.forEach(emit);
            unsure = undefined;
          }
          if (unsure) unsure.push(item);
          else emit(item);
          return !known;
        };
        isAsking = false;
        work.unsubscribe();
        work = timer(ms)
          .pipe(
            concatMap(() => {
              isAsking = true;
              heardAt ??= asyncScheduler.now();
              const { since, until } = gap as Gap;
              return (ask as Ask<TRow>)({ last: before, first: first?.row, since, until });
            }),
            filter((part) => part.filter(read).length > 0),
            timeout({
              first: new Date(end),
              each: limit,
              with() {
                throw new ConnectionError(`\`backfill\` brought no row within ${limit} ms`);
              },
            }),
          )
          .subscribe({
            error: fail,
            complete() {
              if (!isBehind) unsure?.forEach(emit);
              answered(last !== before);
            },
          });
      };
      const answered = (hasNews: boolean) => {
        isAsking = false;
        if (isJoined()) release();
        else if (hasNews) {
          pause = settling;
          heardAt = asyncScheduler.now();
          question(first ? 0 : settling);
        } else if (held.some((item) => !isGap(item) && !keys.has(item.key))) {
          question(pause);
          pause *= 2;
        } else {
          // as far as anybody knows that is all; the next row will tell
          heardAt = undefined;
          if (isComplete) release();
        }
      };
      const finish = () => {
        isComplete = true;
        if (gap) {
          if (work.closed) release();
          else if (!isAsking) question(0);
        } else if (!released) subscriber.complete();
      };
      subscriber.add(() => work.unsubscribe());
      subscriber.add(
        source$.pipe(map((item) => (isGap(item) ? item : keyed(item)))).subscribe({
          next(item) {
            if (released) released.push(item);
            else deliver(item);
          },
          error(error: unknown) {
            if (gap) fail(error);
            subscriber.error(error);
          },
          complete: finish,
        }),
      );
    });
}
