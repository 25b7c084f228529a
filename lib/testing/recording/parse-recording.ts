import { checkOrder } from './check-order.js';
import { readAttempts } from './read-attempts.js';
import { readHeader, readLine } from './read-line.js';
import type { RecordedAttempt } from './recorded-attempt.js';
import type { RecordedFrame, RecordingLine } from './recording-line.js';

/** A recording, read. */
export interface Recording {
  /** In the order of their dials; there is one at least. */
  readonly attempts: readonly RecordedAttempt[];
  /** What was received, in order. */
  readonly received: readonly RecordedFrame[];
  /** ms since the epoch of its last line. */
  readonly endedAt: number;
}

/**
 * Reads a recording. A last line without a line break that is no JSON is left out: whoever wrote it was stopped in the middle.
 *
 * @param text - of the recording
 * @param name - what to call it in messages
 * @throws Error - it is none, with the number of the line and the reason
 */
export function parseRecording(text: string, name = 'recording'): Recording {
  if (typeof (text as unknown) !== 'string')
    throw new TypeError(`expected the text of a recording, got ${typeof text}`);
  const [header, ...rest] = text.replace(/^\uFEFF/, '').split('\n') as [string, ...string[]];
  const at = <T>(number: number, read: () => T): T => {
    try {
      return read();
    } catch (error) {
      throw new Error(`${name}, line ${number}: ${(error as Error).message}`);
    }
  };
  at(1, () => {
    readHeader(header);
  });
  if (isCutOff(rest.at(-1) ?? '')) rest.pop();
  const check = checkOrder();
  const lines: RecordingLine[] = [];
  rest.forEach((content, index) => {
    if (content.trim() === '') return;
    at(index + 2, () => {
      const line = readLine(content);
      check(line);
      lines.push(line);
    });
  });
  const attempts = readAttempts(lines);
  if (attempts.length === 0) throw new Error(`${name}: nothing was dialled while it was recorded`);
  const received = lines.filter((line) => 'direction' in line && line.direction === 'received');
  return {
    attempts,
    received: received as readonly RecordedFrame[],
    endedAt: (lines.at(-1) as RecordingLine).time,
  };
}

function isCutOff(line: string): boolean {
  try {
    JSON.parse(line);
    return false;
  } catch {
    return true;
  }
}
