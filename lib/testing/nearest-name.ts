/**
 * The known name that was probably meant: one that differs by a slip or two, or that is the given one with more or less at its end.
 *
 * @param name - as it was written
 * @param known - the names that there are
 * @returns `undefined` when none is near
 */
export function nearestName(name: string, known: readonly string[]): string | undefined {
  const given = name.toLowerCase();
  const slips = Math.max(1, Math.floor(name.length / 4));
  const candidates = known
    .map((each) => ({ each, distance: distanceOf(given, each.toLowerCase()) }))
    .filter(({ each, distance }) => distance <= slips || extend(given, each.toLowerCase()))
    .sort((a, b) => a.distance - b.distance);
  return candidates[0]?.each;
}

function extend(one: string, other: string): boolean {
  const [short, long] = one.length < other.length ? [one, other] : [other, one];
  return short.length > 2 && long.startsWith(short);
}

/** How many letters must be put in, left out, changed or swapped with their neighbour to make one text of the other. */
function distanceOf(one: string, other: string): number {
  let last: readonly number[] = [];
  let row = Array.from({ length: other.length + 1 }, (_, j) => j);
  for (let i = 1; i <= one.length; i++) {
    const [beforeLast, above] = [last, row];
    last = above;
    row = [i];
    for (let j = 1; j <= other.length; j++) {
      const changed = one[i - 1] === other[j - 1] ? 0 : 1;
      const swapped = one[i - 1] === other[j - 2] && one[i - 2] === other[j - 1];
      row[j] = Math.min(
        at(above, j) + 1,
        at(row, j - 1) + 1,
        at(above, j - 1) + changed,
        swapped ? at(beforeLast, j - 2) + 1 : Infinity,
      );
    }
  }
  return at(row, other.length);
}

function at(row: readonly number[], index: number): number {
  return Number(row[index]);
}
