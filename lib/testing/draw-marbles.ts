import type { TestMessage } from './test-message.js';

/** A gap longer than this many frames is written as a time. */
const longestDash = 20;

/**
 * A marble diagram.
 *
 * @param messages - in the order of their frames
 * @param symbolOf - the letter for a value or an error; errors that have none are `#`
 */
export function drawMarbles(
  messages: readonly TestMessage[],
  symbolOf: (value: unknown) => string,
): string {
  let drawn = '';
  let cursor = 0;
  for (const [frame, group] of grouped(messages)) {
    const marbles = group.map(({ notification }) => {
      if (notification.kind === 'C') return '|';
      return notification.kind === 'E' ? '#' : symbolOf(notification.value);
    });
    const text = marbles.length > 1 ? `(${marbles.join('')})` : marbles.join('');
    drawn += gap(frame - cursor) + text;
    cursor = frame + text.length;
  }
  return drawn || '(nothing)';
}

function grouped(messages: readonly TestMessage[]): ReadonlyMap<number, readonly TestMessage[]> {
  const groups = new Map<number, TestMessage[]>();
  for (const message of messages)
    groups.set(message.frame, [...(groups.get(message.frame) ?? []), message]);
  return groups;
}

function gap(frames: number): string {
  if (frames <= longestDash) return '-'.repeat(Math.max(frames, 0));
  return ` ${frames}ms `;
}
