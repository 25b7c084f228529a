import type { Subscriber } from 'rxjs';
import type { Gap } from './gap.js';
import type { Keyed } from './keyed.js';

export type Emitted<TRow> = ReturnType<typeof createEmitted<TRow>>;

/** The rows that were emitted, by their keys. Gaps that stay cut them into pieces. */
export function createEmitted<TRow>(
  subscriber: Subscriber<TRow | Gap>,
  handled: readonly Keyed<TRow>[],
  remember: number,
) {
  let piece = 1;
  /** The first row of the present piece. */
  let start = handled[0]?.key;
  /** Whether the next row begins a piece. */
  let isCut = handled.length === 0;
  /** The latest keys, each with the number of its piece. */
  const pieces = new Map(handled.map(({ key }) => [key, piece]));
  let last = handled.at(-1)?.row;
  return {
    get last() {
      return last;
    },
    has: ({ key }: Keyed<TRow>) => pieces.has(key),
    isStart: ({ key }: Keyed<TRow>) => key === start,
    isOfEarlierPiece: ({ key }: Keyed<TRow>) => (pieces.get(key) ?? piece) < piece,
    /** Emits a row, unless it was. While a gap is being filled no key is forgotten, because the answers may show it. */
    emit({ row, key }: Keyed<TRow>, isLive = false) {
      if (pieces.has(key)) return;
      if (isLive && pieces.size >= 2 * remember)
        for (const known of pieces.keys()) if (pieces.size > remember) pieces.delete(known);
      if (isCut) {
        piece += 1;
        start = key;
        isCut = false;
      }
      pieces.set(key, piece);
      last = row;
      subscriber.next(row);
    },
    /** Emits a gap that stays. */
    cut(gap: Gap) {
      isCut = true;
      subscriber.next(gap);
    },
  };
}
