import { readdir, readFile } from 'node:fs/promises';
import { setTimeout as delay } from 'node:timers/promises';

/** Ids of the processes with the text in their command line that still run after `ms`; it returns earlier when none is left. */
export async function processesOf(text: string, ms: number): Promise<readonly string[]> {
  const deadline = performance.now() + ms;
  for (;;) {
    const left = await running(text);
    if (left.length === 0 || performance.now() > deadline) return left;
    await delay(20);
  }
}

async function running(text: string): Promise<readonly string[]> {
  const ids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name));
  const lines = await Promise.all(
    ids.map((id) => readFile(`/proc/${id}/cmdline`, 'utf8').catch(() => '')),
  );
  return ids.filter((_id, index) => lines[index]?.includes(text));
}
