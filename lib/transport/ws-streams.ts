import type { LazyFrame } from '../protocol/payload.js';
import type { RawSocket } from './socket.js';

/**
 * Bytes from which on a text frame stays undecoded. `ws` reads 64 KiB at a time, so a frame of this size owns most of the memory that it
 * arrived in, while keeping a short frame would keep all 64 KiB.
 */
const lazyLength = 32_768;

/** Bytes of the head that are decoded at once. */
const headLength = 256;

/** The part of Node's Buffer that is used. */
interface Bytes {
  readonly length: number;
  toString(encoding?: 'latin1', from?: number, to?: number): string;
}

/**
 * Receives long text frames as {@link LazyFrame}, because decoding UTF-8 is more than half of the cost of a frame that nobody reads.
 * `ws` has checked by then that the bytes are UTF-8.
 */
export function receiveLazyFrames(raw: RawSocket): void {
  // hides the `onmessage` accessor of `ws`, which would add a listener that decodes every frame
  Object.defineProperty(raw, 'onmessage', { value: null, writable: true });
  raw.on?.('message', (data: Bytes, isBinary: boolean) => {
    const onmessage = raw.onmessage as ((event: { data: unknown }) => void) | null;
    onmessage?.({
      data: isBinary ? data : data.length < lazyLength ? data.toString() : lazyFrame(data),
    });
  });
}

function lazyFrame(bytes: Bytes): LazyFrame {
  let text: string | undefined;
  return {
    // it ends where Latin-1 and UTF-8 begin to differ
    head: bytes.toString('latin1', 0, headLength).replace(/[^\0-\x7f][^]*/, ''),
    // a log and a consumer may both want it
    toString: () => (text ??= bytes.toString()),
  };
}

/** The methods of a Node stream that hold writes back. */
interface Corkable {
  cork(): void;
  uncork(): void;
}

export type WriteCork = ReturnType<typeof corkWrites>;

/**
 * Holds writes back until the end of the turn. Writes of one turn of the event loop leave together: ten thousand operations that start
 * together would be as many system calls.
 */
export function corkWrites(stream: Corkable) {
  let corked = false;
  const flush = () => {
    if (corked) stream.uncork();
    corked = false;
  };
  return {
    /** To be called before each write. */
    cork() {
      if (corked) return;
      corked = true;
      stream.cork();
      queueMicrotask(flush);
    },
    /** Writes at once, because the process may end before the turn does. */
    flush,
  };
}
