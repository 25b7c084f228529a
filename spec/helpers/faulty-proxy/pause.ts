import { setTimeout as delay } from 'node:timers/promises';

/** Node takes a longer time, `Infinity` included, for 1 ms. */
const longest = 2 ** 31 - 1;

/** Resolves after so many ms; at once when the signal says so. */
export async function pause(ms: number, signal: AbortSignal): Promise<void> {
  // rejects when it is aborted, and for no other reason
  await delay(Math.min(ms, longest), undefined, { signal }).catch(() => undefined);
}
