import { setTimeout as delay } from 'node:timers/promises';
import { compare } from './compare.js';
import { servePage } from './page-server.js';
import { runPlain } from './run-plain.js';
import type { DemoOptions, Wait } from './view.js';

export { inventTrades } from './server.js';

/** Compares two clients through faults, here and on a page. Returns the exit code: 1 if ours has not each block once, or left a stream behind; 0 if interrupted before. */
export async function runDemo(options: DemoOptions): Promise<number> {
  const { plain, signal } = options;
  const wait: Wait = (ms) => delay(Math.max(0, ms), undefined, { signal });
  return (plain ? runPlain : showBoth)(options, wait).catch((error: unknown) => {
    if (signal.aborted) return 0;
    throw error;
  });
}

async function showBoth(options: DemoOptions, wait: Wait): Promise<number> {
  const { seconds, seed, port, output } = options;
  const page = await servePage(port, seed);
  const say = (line: string) => output.write(`${line}\n`);
  try {
    if (!page.url.includes(`:${port}/`)) say(`Port ${port} cannot be used.`);
    say(`Both clients on a page: ${page.url}`);
    say(`Both clients here, for ${seconds} s (--seed ${seed}):\n`);
    const code = await compare(options, wait);
    if (output.isTTY) {
      say('\nThe page stays until Ctrl-C.');
      await wait(2 ** 31 - 1).catch(() => undefined);
    }
    return code;
  } finally {
    await page.stop();
  }
}
