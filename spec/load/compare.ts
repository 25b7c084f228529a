import { join } from 'node:path';
import { programs, startFeed } from './feed/start-feed.js';
import { heapFlags, runChild } from '../helpers/measure/run-child.js';

/**
 * Runs a program that measures a client, for ours and for the other one in turn, each time in a new process, all against the same server. The
 * first of each is thrown away: the server has become warm then.
 */
export async function compare<T>(
  program: string,
  pairs: number,
  args: readonly string[],
  flags: readonly string[] = heapFlags,
): Promise<readonly { readonly ours: T; readonly theirs: T }[]> {
  const feed = await startFeed();
  const measure = async (name: string) => {
    const child = runChild(join(programs, program), [name, feed.url, ...args], flags);
    try {
      return await child.answer<T>();
    } finally {
      await child.stop();
    }
  };
  const both: { ours: T; theirs: T }[] = [];
  for (let pair = 0; pair <= pairs; pair += 1)
    both.push({ ours: await measure('rx-graphql-ws'), theirs: await measure('graphql-ws') });
  await feed.stop();
  return both.slice(1);
}
