import type { LongFrame } from '../long-frame.js';
import type { RawSocket } from './raw-socket.js';

/**
 * Bytes of a text frame that is long. Such a frame has most of the memory that it came in to itself: `ws` reads 64 KiB at a time, and
 * who keeps a short frame undecoded would keep all of them.
 */
const long = 32_768;

/** Characters of a frame that are there at once. */
const headLength = 256;

/** What Node's Buffer adds to a Uint8Array. */
interface Bytes {
  readonly length: number;
  toString(encoding?: 'latin1', from?: number, to?: number): string;
}

/**
 * Has long text frames come as {@link LongFrame}. `ws` makes text of all of them, which takes more than to receive them: more than
 * half of what a frame costs that nobody reads. Its bytes have been found to be UTF-8 by then.
 */
export function receiveLateText(raw: RawSocket): void {
  // hides the property of `ws`, which would listen in its own way
  Object.defineProperty(raw, 'onmessage', { value: null, writable: true });
  raw.on?.('message', (data: Bytes, isBinary: boolean) => {
    const onmessage = raw.onmessage as ((event: { data: unknown }) => void) | null;
    onmessage?.({ data: isBinary ? data : data.length < long ? data.toString() : lateText(data) });
  });
}

function lateText(bytes: Bytes): LongFrame {
  let text: string | undefined;
  return {
    head: bytes.toString('latin1', 0, headLength),
    // both a log and a consumer may want it
    toString: () => (text ??= bytes.toString()),
  };
}
