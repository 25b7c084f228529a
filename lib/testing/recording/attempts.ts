import { parseSent } from '../wire.js';
import type { RecordedClosing, RecordedFrame, RecordingLine } from './recording-line.js';

/** How the server's part in a recorded socket ended. */
export type AttemptEnd =
  /** The server closed the socket, or the connection broke. */
  | {
      readonly kind: 'closed';
      readonly time: number;
      readonly code: number;
      readonly reason: string;
    }
  /** The server was silent until the client gave the connection up. */
  | { readonly kind: 'silent' }
  /** The client left, or the recording ended before. */
  | { readonly kind: 'open' };

/** A dialled socket. All times are ms since the epoch. */
export interface RecordedAttempt {
  readonly dialledAt: number;
  /** When the socket opened, or when the dial failed. */
  readonly openedAt: number;
  /** The selected one; `undefined` for a failed dial. */
  readonly subprotocol: string | undefined;
  /** The frames of both sides, in order. */
  readonly frames: readonly RecordedFrame[];
  readonly end: AttemptEnd;
}

/** A pause of fewer ms counts as no silence. */
const leastSilence = 1_000;

export function readAttempts(lines: readonly RecordingLine[]): readonly RecordedAttempt[] {
  const places = new Map<number, number[]>();
  lines.forEach((line, index) => {
    if ('status' in line) return;
    const own = places.get(line.attempt) ?? [];
    places.set(line.attempt, own);
    own.push(index);
  });
  return [...places.values()].map((own) => readAttempt(lines, own));
}

function readAttempt(lines: readonly RecordingLine[], places: readonly number[]): RecordedAttempt {
  const own = places.map((index) => lines[index] as RecordingLine);
  const [start] = places as [number];
  const [first] = own as [RecordingLine];
  const frames = own.filter((line) => 'direction' in line);
  const closing = own.find((line) => 'closed' in line);
  return {
    dialledAt: dialTime(lines, start) ?? first.time,
    openedAt: first.time,
    subprotocol: 'opened' in first ? first.opened : undefined,
    frames,
    end: closing ? endOf(lines, start, closing, frames) : { kind: 'open' },
  };
}

/** When the client began to dial. A second dial for another subprotocol begins at the end of the first. */
function dialTime(lines: readonly RecordingLine[], start: number): number | undefined {
  let latest: number | undefined;
  for (let index = start - 1; index >= 0; index -= 1) {
    const line = lines[index] as RecordingLine;
    if ('direction' in line) continue;
    latest ??= line.time;
    if ('status' in line) return line.status === 'connecting' ? latest : undefined;
  }
  return undefined;
}

/** Finds who ended a socket. The close code does not tell, but the error that followed in the client does. */
function endOf(
  lines: readonly RecordingLine[],
  start: number,
  closing: RecordedClosing,
  frames: readonly RecordedFrame[],
): AttemptEnd {
  const end = lines.indexOf(closing);
  const left = lines
    .slice(start, end)
    .some((line) => 'status' in line && ['idle', 'closed'].includes(line.status));
  if (left) return { kind: 'open' };
  const next = lines[end + 1];
  switch (next && 'status' in next ? next.error : undefined) {
    case undefined:
      return guessEnd((lines[start] as RecordingLine).time, frames, closing);
    case 'ConnectionClosedError':
      return closed(closing);
    case 'SilentDisconnectError':
      return { kind: 'silent' };
    default:
      // the client closed the socket because of a fault
      return { kind: 'open' };
  }
}

/** Guesses from the wire alone: the client gave up after the longest silence, and left after 1000 without a live operation. */
function guessEnd(
  openedAt: number,
  frames: readonly RecordedFrame[],
  closing: RecordedClosing,
): AttemptEnd {
  const received = frames.filter(({ direction }) => direction === 'received');
  const times = [openedAt, ...received.map(({ time }) => time)];
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
