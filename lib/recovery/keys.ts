/** The value by which a row is recognised. */
export type Key = string | number | bigint;

/** A row and its key. */
export interface Keyed<TRow> {
  readonly row: TRow;
  readonly key: Key;
}

/** The latest keys. */
export interface Keys {
  has(key: Key): boolean;
  /** Remembers a key, and forgets others only if it may. Returns false if the key was known already. */
  add(key: Key, mayForget: boolean): boolean;
  /** The key that has been remembered for longest. */
  oldest(): Key | undefined;
}

/**
 * Two generations: the older one goes when the younger one is full. A single Set without its oldest key would walk over all the places of
 * deleted keys at each look for the next one.
 */
export function createKeys(known: readonly Keyed<unknown>[], remember = 10_000): Keys {
  let old = new Set<Key>();
  let young = new Set(known.map(({ key }) => key));
  const has = (key: Key) => young.has(key) || old.has(key);
  return {
    has,
    add(key, mayForget) {
      if (has(key)) return false;
      if (mayForget && young.size >= remember) {
        old = young;
        young = new Set();
      }
      young.add(key);
      return true;
    },
    oldest: () => [...old, ...young][0],
  };
}
