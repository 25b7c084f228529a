import { endOf } from './attempt-end.js';
import type { RecordedAttempt } from './recorded-attempt.js';
import type { RecordedClosing, RecordedFrame, RecordingLine } from './recording-line.js';

/** The lines of one socket. */
interface Draft {
  /** Where they begin. */
  readonly start: number;
  readonly subprotocol: string | undefined;
  readonly frames: RecordedFrame[];
  /** Where the socket closes, and how. */
  end?: number;
  closing?: RecordedClosing;
}

/**
 * The sockets dialled in a recording, in order.
 *
 * @param lines - in an order that was checked
 */
export function readAttempts(lines: readonly RecordingLine[]): readonly RecordedAttempt[] {
  const drafts = new Map<number, Draft>();
  lines.forEach((line, index) => {
    if ('status' in line) return;
    const subprotocol = 'opened' in line ? line.opened : undefined;
    const draft = drafts.get(line.attempt) ?? { start: index, subprotocol, frames: [] };
    drafts.set(line.attempt, draft);
    if ('closed' in line) Object.assign(draft, { end: index, closing: line });
    if ('direction' in line) draft.frames.push(line);
  });
  return [...drafts.values()].map((draft) => finish(lines, draft));
}

function finish(
  lines: readonly RecordingLine[],
  { start, subprotocol, frames, end = lines.length, closing }: Draft,
): RecordedAttempt {
  const openedAt = (lines[start] as RecordingLine).time;
  const left = lines.slice(start, end).some(isLeaving);
  const verdict = lines[end + 1];
  const error = verdict && 'status' in verdict ? verdict.error : undefined;
  return {
    dialledAt: dialTime(lines, start) ?? openedAt,
    openedAt,
    subprotocol,
    frames,
    end: closing ? endOf({ openedAt, frames, closing, left, error }) : { kind: 'open' },
  };
}

/** When the dial of a socket began; a second one for another subprotocol follows on the end of the first. */
function dialTime(lines: readonly RecordingLine[], start: number): number | undefined {
  let mark: number | undefined;
  for (let index = start - 1; index >= 0; index -= 1) {
    const line = lines[index] as RecordingLine;
    if ('direction' in line) continue;
    mark ??= line.time;
    if ('status' in line) return line.status === 'connecting' ? mark : undefined;
  }
  return undefined;
}

function isLeaving(line: RecordingLine): boolean {
  return 'status' in line && (line.status === 'idle' || line.status === 'closed');
}
