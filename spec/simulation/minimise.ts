/** The shortest list that still fails, found by leaving out ever smaller parts. */
export function minimise<T>(
  list: readonly T[],
  fails: (shorter: readonly T[]) => boolean,
): readonly T[] {
  let shortest = list;
  for (let size = Math.ceil(list.length / 2); size >= 1;) {
    const before = shortest.length;
    for (let from = 0; from < shortest.length;) {
      const shorter = [...shortest.slice(0, from), ...shortest.slice(from + size)];
      if (fails(shorter)) shortest = shorter;
      else from += size;
    }
    if (size > 1) size = Math.floor(size / 2);
    else if (shortest.length === before) break;
  }
  return shortest;
}
