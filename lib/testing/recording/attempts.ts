import { parseSent } from '../wire.js';
import type { RecordedClosing, RecordedFrame, Recording, RecordingLine } from './recording.js';
import { type Scene, type SceneEnd, toScene } from './scene.js';

export interface RecordedAttempt {
  /** ms since the epoch. */
  readonly dialledAt: number;
  /** When the socket opened, or when the dial failed. */
  readonly openedAt: number;
  /** The server's part; `undefined` for a failed dial. */
  readonly scene: Scene | undefined;
}

type Frames = readonly RecordedFrame[];

/** A pause of fewer ms counts as no silence. */
const leastSilence = 1_000;

export function readAttempts(lines: Recording): readonly RecordedAttempt[] {
  const places = new Map<number, number[]>();
  lines.forEach((line, index) => {
    if ('status' in line) return;
    const own = places.get(line.attempt) ?? [];
    places.set(line.attempt, own);
    own.push(index);
  });
  return [...places.values()].map((own) => readAttempt(lines, own));
}

function readAttempt(lines: Recording, places: readonly number[]): RecordedAttempt {
  const own = places.map((index) => lines[index] as RecordingLine);
  const [start] = places as [number];
  const [first] = own as [RecordingLine];
  const frames = own.filter((line) => 'direction' in line);
  const closing = own.find((line) => 'closed' in line);
  const end = closing && endOf(lines, start, closing, frames);
  return {
    dialledAt: dialTime(lines, start) ?? first.time,
    openedAt: first.time,
    scene: 'opened' in first ? toScene(first, frames, end) : undefined,
  };
}

/** When the client began to dial. A second dial for another subprotocol begins at the end of the first. */
function dialTime(lines: Recording, start: number): number | undefined {
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
  lines: Recording,
  start: number,
  closing: RecordedClosing,
  frames: Frames,
): SceneEnd {
  const end = lines.indexOf(closing);
  const hasLeft = (line: RecordingLine) =>
    'status' in line && ['idle', 'closed'].includes(line.status);
  if (lines.slice(start, end).some(hasLeft)) return undefined;
  const next = lines[end + 1];
  const error = next && 'status' in next ? next.error : undefined;
  if (error === undefined) return guessEnd((lines[start] as RecordingLine).time, frames, closing);
  if (error === 'SilentDisconnectError') return 'silent';
  // the client closes the socket because of any other fault
  return error === 'ConnectionClosedError' ? closing : undefined;
}

/** Guesses from the wire alone: the client gave up after the longest silence, and left after 1000 without a live operation. */
function guessEnd(openedAt: number, frames: Frames, closing: RecordedClosing): SceneEnd {
  const received = frames.filter(({ direction }) => direction === 'received');
  const times = [openedAt, ...received.map(({ time }) => time), closing.time];
  const pauses = times.slice(1).map((time, index) => time - (times[index] as number));
  const silence = pauses.pop() as number;
  if (closing.closed === 1006 && silence >= leastSilence && pauses.every((ms) => ms < silence))
    return 'silent';
  return closing.closed === 1000 && !hasLiveOperation(frames) ? undefined : closing;
}

function hasLiveOperation(frames: Frames): boolean {
  const live = new Set<unknown>();
  for (const { text } of frames) {
    const { type, id } = parseSent(text);
    if (type === 'subscribe' || type === 'start') live.add(id);
    if (type === 'complete' || type === 'stop' || type === 'error') live.delete(id);
  }
  return live.size > 0;
}
