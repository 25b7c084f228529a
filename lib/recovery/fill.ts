import type { OperatorFunction } from 'rxjs';
import { map, Observable } from 'rxjs';
import type { Filling, FillingOptions, Item } from './filling.js';
import { startFilling } from './filling.js';
import type { Gap } from './gap.js';
import { isGap } from './gap.js';
import type { Keyed } from './keys.js';
import { createKeys } from './keys.js';

export interface FillOptions<TRow> extends Omit<FillingOptions<TRow>, 'ask'> {
  /** Without it every gap stays. */
  readonly ask: FillingOptions<TRow>['ask'] | undefined;
  readonly keyed: (row: TRow) => Keyed<TRow>;
  /** Rows that must not be emitted, in order. */
  readonly handled: readonly Keyed<TRow>[];
  readonly remember: number | undefined;
}

/** Emits each key once, and fills gaps. A gap that stays open is emitted in its place. */
export function fill<TRow>(options: FillOptions<TRow>): OperatorFunction<TRow | Gap, TRow | Gap> {
  const { ask, buffer, timeout, keyed, handled, remember } = options;
  return (source$) =>
    new Observable((subscriber) => {
      const keys = createKeys(handled, remember);
      let last = handled.at(-1)?.row;
      let filling: Filling<TRow> | undefined;
      /** What is let go of just now. It grows by what comes from within. */
      let released: Item<TRow>[] | undefined;
      let isComplete = false;

      const emit = ({ row, key }: Keyed<TRow>) => {
        if (keys.add(key, !filling)) subscriber.next((last = row));
      };
      const deliver = (item: Item<TRow>) => {
        if (filling) filling.take(item);
        else if (!isGap(item)) emit(item);
        else if (ask)
          filling = startFilling(item, { ask, buffer, timeout }, { keys, emit, release, last: () => last });
        else subscriber.next(item);
      };
      const release = (items: Item<TRow>[], gap?: Gap) => {
        let due = items.length;
        filling = undefined;
        released = items;
        if (gap) subscriber.next(gap);
        for (const item of items) {
          if (subscriber.closed) return;
          due -= 1;
          // a gap that was filled over is none; one that comes from within is to be filled
          if (due < 0 || !isGap(item)) deliver(item);
          else if (gap) subscriber.next(item);
        }
        released = undefined;
        if (isComplete) finish();
      };
      const finish = () => {
        isComplete = true;
        if (filling) filling.complete();
        else if (!released) subscriber.complete();
      };
      subscriber.add(() => filling?.stop());
      subscriber.add(
        source$.pipe(map((item) => (isGap(item) ? item : keyed(item)))).subscribe({
          next(item) {
            if (released) released.push(item);
            else deliver(item);
          },
          error(error: unknown) {
            filling?.fail(error);
            subscriber.error(error);
          },
          complete: finish,
        }),
      );
    });
}
