import { parseSent } from '../sent-message.js';
import type { AttemptEnd } from './recorded-attempt.js';
import type { RecordedClosing, RecordedFrame } from './recording-line.js';

/** What is known of a socket that has closed. */
export interface ClosedSocket {
  readonly openedAt: number;
  readonly frames: readonly RecordedFrame[];
  readonly closing: RecordedClosing;
  /** Whether the client wanted to leave before. */
  readonly left: boolean;
  /** The error that the end of the socket was to the client. */
  readonly error: string | undefined;
}

/** Less than this many ms without a frame is no silence. */
const leastSilence = 1_000;

/** Who ended a socket: its close code and reason do not tell, but what the client made of it does. */
export function endOf(socket: ClosedSocket): AttemptEnd {
  const { closing, left, error } = socket;
  if (left) return { kind: 'open' };
  switch (error) {
    case undefined:
      return guessEnd(socket);
    case 'ConnectionClosedError':
      return closed(closing);
    case 'SilentDisconnectError':
      return { kind: 'silent' };
    default:
      // a fault that the client found
      return { kind: 'open' };
  }
}

/**
 * Where nothing but the wire was recorded. A connection that broke after a silence longer than any before in it was given up, or
 * could have been; one that closed in peace with no operation alive was left.
 */
function guessEnd({ closing, openedAt, frames }: ClosedSocket): AttemptEnd {
  const heard = frames.filter(({ direction }) => direction === 'received');
  const times = [openedAt, ...heard.map(({ time }) => time)];
  const pauses = times.slice(1).map((time, index) => time - (times[index] as number));
  const silence = closing.time - (times.at(-1) as number);
  if (closing.closed === 1006 && silence >= leastSilence && pauses.every((ms) => ms < silence))
    return { kind: 'silent' };
  const inPeace = closing.closed === 1000 && liveOperations(frames) === 0;
  return inPeace ? { kind: 'open' } : closed(closing);
}

function closed({ time, closed: code, reason }: RecordedClosing): AttemptEnd {
  return { kind: 'closed', time, code, reason };
}

function liveOperations(frames: readonly RecordedFrame[]): number {
  const live = new Set<unknown>();
  for (const { text } of frames) {
    const { type, id } = parseSent(text);
    if (type === 'subscribe' || type === 'start') live.add(id);
    if (type === 'complete' || type === 'stop' || type === 'error') live.delete(id);
  }
  return live.size;
}
