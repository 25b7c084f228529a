import type { Tally } from './follow.js';

/**
 * A tally in one line.
 *
 * @param tally - the last one
 * @param noun - what a result is
 * @param seconds - how long it took, in seconds
 */
export function summarise(
  { results, connections, silentDisconnects }: Tally,
  noun: string,
  seconds: number,
): string {
  return [
    `${plural(results, noun)} received`,
    plural(connections, 'connection'),
    `${plural(silentDisconnects, 'silent disconnect')} noticed`,
    `${seconds.toFixed(1)} s`,
  ].join(', ');
}

function plural(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}
