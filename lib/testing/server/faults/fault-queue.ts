/** Faults that wait for their turn, first in, first out. */
export interface FaultQueue<F> {
  /** Adds a fault, so many times or Infinity. */
  add(fault: F, times: number): void;
  take(): F | undefined;
  /** Takes the next, if it is one of those. */
  takeIf<G extends F>(is: (fault: F) => fault is G): G | undefined;
  clear(): void;
}

/** An empty queue. */
export function createFaultQueue<F>(): FaultQueue<F> {
  const waiting: { readonly fault: F; left: number }[] = [];
  const takeIf = <G extends F>(is: (fault: F) => fault is G): G | undefined => {
    const [first] = waiting;
    if (!first || !is(first.fault)) return undefined;
    first.left -= 1;
    if (first.left === 0) waiting.shift();
    return first.fault;
  };
  return {
    add: (fault, times) => {
      waiting.push({ fault, left: times });
    },
    take: () => takeIf(isAny),
    takeIf,
    clear: () => {
      waiting.length = 0;
    },
  };
}

function isAny<F>(_fault: F): _fault is F {
  return true;
}
