import type { Tally } from './follow.js';

/**
 * Writes a tally in one line.
 *
 * @param tally - the last one
 * @param noun - the name for one result
 * @param seconds - the time that passed
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
