import type { Toxic } from './toxic.js';

/** One byte, and the next one so many ms later. */
export function drip(ms: number): Toxic {
  return (grip) => ({
    async pass(bytes, write) {
      for (let at = 0; at < bytes.length; at += 1) {
        if (grip.released) {
          await write(bytes.subarray(at));
          return;
        }
        await write(bytes.subarray(at, at + 1));
        await grip.wait(ms);
      }
    },
  });
}
