/** The streams that a server has to give. */
export interface StreamCap {
  /** Takes one for an owner; returns how to give it back, or `undefined` when there is none left. */
  take(owner: string | undefined): (() => void) | undefined;
}

/**
 * Counts streams by their owner.
 *
 * @param maxStreams - how many each owner may have at once; `false` = any number
 */
export function streamCap(maxStreams: number | false): StreamCap {
  const taken = new Map<string | undefined, number>();
  const add = (owner: string | undefined, change: number) => {
    const count = (taken.get(owner) ?? 0) + change;
    // Tokens come and go: what is back at 0 is forgotten.
    if (count === 0) taken.delete(owner);
    else taken.set(owner, count);
  };
  return {
    take: (owner) => {
      if (maxStreams !== false && (taken.get(owner) ?? 0) >= maxStreams) return undefined;
      add(owner, 1);
      return () => {
        add(owner, -1);
      };
    },
  };
}
