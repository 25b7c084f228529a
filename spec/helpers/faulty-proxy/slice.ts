import { setImmediate as turn } from 'node:timers/promises';
import type { Toxic } from './toxic.js';

/** Pieces of so many bytes, each in a segment of its own. */
export function slice(size = 1): Toxic {
  return () => ({
    async pass(bytes, write) {
      for (let at = 0; at < bytes.length; at += size) {
        await write(bytes.subarray(at, at + size));
        // the receiver gets to read it before the next one comes
        await turn();
      }
    },
  });
}
