import { dirname, join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { askServer } from '../bench/ask-server.js';
import type { Asked, Counts } from '../bench/feed.js';
import { runChild } from '../helpers/measure/run-child.js';

/** Where the compiled programs are: beside the one that runs. */
export const programs = dirname(process.argv[1] ?? '.');

/** A subscription that stays after so many results of some 100 bytes. */
export const asking = (results: number, more: object = {}) => ({
  query: 'subscription',
  variables: { size: 100, results, stays: true, ...more },
});

export type Feed = Awaited<ReturnType<typeof startFeed>>;

/** The server of the bench, in a process of its own. */
export async function startFeed() {
  const child = runChild(join(programs, '../bench/server/bench-server'));
  const { url } = await child.answer<{ readonly url: string }>();
  const tell = (asked: Asked) => askServer(url, asked);
  return {
    url,
    tell,
    /** Resolves with its counts when they are as wanted, or after ten seconds. */
    async until(isReached: (counts: Counts) => boolean): Promise<Counts> {
      const deadline = performance.now() + 10_000;
      for (;;) {
        const counts = await tell('count');
        if (isReached(counts) || performance.now() > deadline) return counts;
        await delay(5);
      }
    },
    stop: () => child.stop(),
  };
}
