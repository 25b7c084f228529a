import type { Keyed, Keys } from './keys.js';

export interface AnswerReader<TRow> {
  /** Takes a row of the answer. Returns whether it is unknown. */
  read(item: Keyed<TRow>): boolean;
  /** The answer is complete. */
  end(): void;
}

/**
 * Finds the missing rows of one answer and emits them.
 *
 * An answer may begin far before the gap, even before the first row of this subscription. Rows that nobody knows are thus no news for sure until
 * the answer shows a row that is known, or is complete. If the first known row is the oldest one that is remembered, they are older than
 * this subscription, and are passed over.
 */
export function readAnswer<TRow>(
  keys: Keys,
  emit: (item: Keyed<TRow>) => void,
  isFirst: (item: Keyed<TRow>) => boolean,
): AnswerReader<TRow> {
  let unsure: Keyed<TRow>[] | undefined = keys.oldest() === undefined ? undefined : [];
  return {
    read(item) {
      const isKnown = keys.has(item.key);
      if (unsure && (isKnown || isFirst(item))) {
        if (item.key !== keys.oldest()) unsure.forEach(emit);
        unsure = undefined;
      }
      if (unsure) unsure.push(item);
      else emit(item);
      return !isKnown;
    },
    end() {
      unsure?.forEach(emit);
    },
  };
}
