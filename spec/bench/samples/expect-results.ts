import { setTimeout as delay } from 'node:timers/promises';
import type { Sequence } from './sequence.js';

/** ms within which what must come has come, on a busy machine, too. */
const patience = 20_000;
/** The part of what should have come that is enough: what else runs may take some time from the server. */
const enough = 0.7;

/**
 * Resolves when something is so.
 *
 * @throws Error - it does not become so
 */
export async function until(condition: () => boolean, what: string): Promise<void> {
  const end = performance.now() + patience;
  while (!condition()) {
    if (performance.now() > end) throw new Error(`${what}: not within ${patience} ms`);
    await delay(1);
  }
}

/**
 * Resolves when something has come about.
 *
 * @throws Error - it does not
 */
export async function inTime(coming: Promise<void>, what: string): Promise<void> {
  const ended = new AbortController();
  const late = delay(patience, undefined, ended).then(() => {
    throw new Error(`${what}: not within ${patience} ms`);
  });
  await Promise.race([coming, late]).finally(() => ended.abort());
}

/**
 * A figure of few results, or of none, would be no figure of the workload.
 *
 * @throws Error - there are clearly fewer than there should be
 */
export function expectEnough(results: number, due: number): void {
  const least = Math.max(Math.floor(due * enough), 1);
  if (results < least)
    throw new Error(`${results} results, where ${due} were due: ${least} at least must come`);
}

/** @throws Error - a result is missing, doubled or out of turn */
export function expectInOrder({ astray, count }: Pick<Sequence, 'astray' | 'count'>): void {
  if (astray > 0) throw new Error(`${astray} of ${count} results do not follow on the one before`);
}
