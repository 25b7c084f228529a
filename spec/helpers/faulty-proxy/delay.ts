import type { Toxic } from './toxic.js';

/**
 * Latency: bytes arrive `latency ± jitter` ms later, and never before those that were sent before them.
 */
export function delay({ latency, jitter = 0 }: { latency: number; jitter?: number }): Toxic {
  return ({ random, wait }) => ({
    async pass(bytes, write, arrivedAt) {
      const due = arrivedAt + latency + (2 * random() - 1) * jitter;
      await wait(Math.max(0, due - performance.now()));
      await write(bytes);
    },
  });
}
