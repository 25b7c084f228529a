/** First in, first out. */
export interface Queue<T> {
  readonly size: number;
  push(value: T): void;
  /** Takes the oldest; there must be one. */
  take(): T;
  clear(): void;
}

const smallest = 16;

/** A ring that doubles when it is full: however many wait, each costs the same. What was taken is let go of, and so is the room of a flood. */
export function createQueue<T>(): Queue<T> {
  let ring: (T | undefined)[] = [];
  let first = 0;
  let size = 0;

  const clear = () => {
    ring = new Array<undefined>(smallest).fill(undefined);
    first = size = 0;
  };
  clear();
  return {
    get size() {
      return size;
    },
    push(value) {
      if (size === ring.length) {
        const more = new Array<undefined>(size).fill(undefined);
        ring = [...ring.slice(first), ...ring.slice(0, first), ...more];
        first = 0;
      }
      ring[(first + size) % ring.length] = value;
      size += 1;
    },
    take() {
      const value = ring[first] as T;
      ring[first] = undefined;
      first = (first + 1) % ring.length;
      size -= 1;
      if (size === 0 && ring.length > smallest) clear();
      return value;
    },
    clear,
  };
}
