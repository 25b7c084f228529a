import { setTimeout as delay } from 'node:timers/promises';

/** Resolves with true when the condition holds, with false when it does not within `ms`. */
export async function holds(condition: () => boolean, ms = 6_000): Promise<boolean> {
  const deadline = performance.now() + ms;
  while (!condition()) {
    if (performance.now() > deadline) return false;
    await delay(10);
  }
  return true;
}

/** Ends of TCP connections that are open in this process, where the server is too. */
export function openConnections(): number {
  return process.getActiveResourcesInfo().filter((kind) => /TCPSocket|TLSWrap/.test(kind)).length;
}
