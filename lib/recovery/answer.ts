import type { Emitted } from './emitted.js';
import type { Key, Keyed } from './keyed.js';

/**
 * An answer of `backfill`. It may begin far before the gap: rows before the present piece were never subscribed to, or their gap stays.
 * These are not emitted. The others are, when the answer shows a row of the present piece, or is complete and has shown no row of an earlier one.
 */
export function createAnswer<TRow>(emitted: Emitted<TRow>) {
  /** Rows of which it is not known yet whether they are to be emitted. */
  let unsure: Keyed<TRow>[] | undefined = emitted.last === undefined ? undefined : [];
  /** Whether it has shown a row of an earlier piece. */
  let isBehind = false;
  const emitUnsure = () => unsure?.forEach((item) => emitted.emit(item));
  const place = (item: Keyed<TRow>, isNear: boolean) => {
    if (emitted.isOfEarlierPiece(item)) {
      unsure = [];
      isBehind = true;
    } else if (isNear) {
      if (!emitted.isStart(item)) emitUnsure();
      unsure = undefined;
    }
  };
  return {
    /** Whether the row is new. `first`: the key of the first row behind the gap. */
    read(item: Keyed<TRow>, first: Key | undefined) {
      const isKnown = emitted.has(item);
      if (unsure) place(item, isKnown || item.key === first);
      if (unsure) unsure.push(item);
      else emitted.emit(item);
      return !isKnown;
    },
    end() {
      if (!isBehind) emitUnsure();
    },
  };
}
