/** The fate of a block. */
export type Cell = 'received' | 'recovered' | 'missing' | 'duplicate';

/** The account of one client: the blocks that it received, against those that there are. `onCell` is told of each block whose state changes. */
export function createAccount(onCell: (block: number, cell: Cell) => void) {
  let [first, settled, recovered, duplicate] = [Infinity, Infinity, 0, 0];
  const seen = new Set<number>();
  const missing = new Set<number>();
  return {
    /** Begins anew: blocks before `block` do not count. */
    begin(block: number): void {
      [first, settled, recovered, duplicate] = [block, block - 1, 0, 0];
      missing.clear();
    },
    take(block: number, isLate: boolean): void {
      const counts = Number(block >= first);
      const isAgain = seen.has(block);
      if (isAgain) duplicate += counts;
      else if (isLate) recovered += counts;
      seen.add(block);
      missing.delete(block);
      onCell(block, isAgain ? 'duplicate' : isLate ? 'recovered' : 'received');
    },
    /** All up to `block` should have come by now. */
    settle(block: number): void {
      while (settled < block) {
        settled += 1;
        if (seen.has(settled)) continue;
        missing.add(settled);
        onCell(settled, 'missing');
      }
    },
    /** Counts of blocks. `received` holds the recovered ones, and each block once. */
    totals() {
      const sent = first === Infinity ? 0 : settled - first + 1;
      const received = sent - missing.size;
      return { sent, received, recovered, missing: missing.size, duplicate };
    },
  };
}
