import type { Gap } from './gap.js';
import { isGap } from './gap.js';
import type { Keyed } from './keyed.js';

export type Item<TRow> = Keyed<TRow> | Gap;

export type Held<TRow> = ReturnType<typeof createHeld<TRow>>;

/**
 * What comes while a gap is being filled: rows, and further gaps.
 *
 * @param buffer - the number of rows; of more the oldest are missing again
 */
export function createHeld<TRow>(buffer: number) {
  let items: Item<TRow>[] = [];
  /** How many rows have come. */
  let rows = 0;
  /** The first row behind the last gap. */
  let first: Keyed<TRow> | undefined;
  const dropOldest = () => {
    let dropped = items.shift();
    while (isGap(dropped)) dropped = items.shift();
    if (dropped === first) first = items[0] as Keyed<TRow>;
  };
  return {
    get first() {
      return first;
    },
    push(item: Item<TRow>) {
      items.push(item);
      if (isGap(item)) {
        first = undefined;
        return;
      }
      first ??= item;
      rows += 1;
      if (rows > buffer) dropOldest();
    },
    some: (test: (row: Keyed<TRow>) => boolean) => items.some((item) => !isGap(item) && test(item)),
    takeAll() {
      const taken = items;
      items = [];
      rows = 0;
      first = undefined;
      return taken;
    },
  };
}
