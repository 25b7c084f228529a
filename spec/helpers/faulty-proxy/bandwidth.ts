import type { Toxic } from './toxic.js';

/** ms of the line's time that one piece takes. */
const piece = 20;

/** A line that carries so many bytes a second, and no burst. */
export function bandwidth(bytesPerSecond: number): Toxic {
  const size = Math.max(1, Math.round((bytesPerSecond * piece) / 1_000));
  return ({ wait }) => {
    let free = 0;
    return {
      async pass(bytes, write) {
        for (let at = 0; at < bytes.length; at += size) {
          const part = bytes.subarray(at, at + size);
          const now = performance.now();
          free = Math.max(free, now) + (part.length / bytesPerSecond) * 1_000;
          await wait(free - now);
          await write(part);
        }
      },
    };
  };
}
