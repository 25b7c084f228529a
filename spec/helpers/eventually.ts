import { setImmediate as turn, setTimeout as delay } from 'node:timers/promises';

/** Repeats the assertion until it holds; after `ms` its failure is the test's. */
export async function eventually<T>(assertion: () => T, ms = 5_000): Promise<Awaited<T>> {
  const deadline = performance.now() + ms;
  for (;;) {
    try {
      return await assertion();
    } catch (error) {
      if (performance.now() > deadline) throw error;
      await delay(2);
      // our own timer is gone a turn later
      await turn();
    }
  }
}
