import { dirname, join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { runChild } from '../../helpers/measure/run-child.js';
import type { FeedCommand, FeedCounts } from './feed-messages.js';

/** A feed server in a process of its own. */
export interface Feed {
  readonly url: string;
  tell(command: FeedCommand['command']): Promise<FeedCounts>;
  /** Resolves with its counts when they are as wanted, or after ten seconds. */
  until(isReached: (counts: FeedCounts) => boolean): Promise<FeedCounts>;
  stop(): Promise<void>;
}

/** Where the compiled programs are: beside the one that runs. */
export const programs = dirname(process.argv[1] ?? '.');

export async function startFeed(): Promise<Feed> {
  const child = runChild(join(programs, 'feed/feed-server'));
  const { url } = await child.answer<{ readonly url: string }>();
  const tell = (command: FeedCommand['command']) => child.ask<FeedCounts>({ command });
  return {
    url,
    tell,
    async until(isReached) {
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
