import { type Check, isText, must } from '../check.js';
import { show } from '../show.js';
import { parseSent } from '../wire.js';
import { type RecordedAttempt, readAttempts } from './attempts.js';
import { type RecordedFrame, recordingHeader, type RecordingLine } from './recording-line.js';

export interface Recording {
  /** In the order of the dials; at least one. */
  readonly attempts: readonly RecordedAttempt[];
  /** The received frames, in order. */
  readonly received: readonly RecordedFrame[];
  /** The time of the last line, in ms since the epoch. */
  readonly endedAt: number;
}

const aText = must('text', isText, show);
const aNumber = must('a number', (value) => typeof value === 'number', show);
const anInteger = must('an integer', Number.isInteger, show);
const isDirection = (value: unknown) => value === 'sent' || value === 'received';
const aDirection = must('"sent" or "received"', isDirection, show);

/** The members of each kind of line, by the member that only this kind has. */
const kinds: Readonly<Record<string, Readonly<Record<string, Check>>>> = {
  direction: { time: aNumber, attempt: anInteger, direction: aDirection, text: aText },
  opened: { time: aNumber, attempt: anInteger, opened: aText },
  closed: { time: aNumber, attempt: anInteger, closed: aNumber, reason: aText },
  status: { time: aNumber, status: aText },
};

/**
 * Parses a recording. A last line without a line break is ignored unless it is whole, because the recorder may have been stopped within it.
 * @throws Error - the text is no recording; the message has `name`, the number of the line and the reason
 */
export function parseRecording(text: string, name = 'recording'): Recording {
  must('the text of a recording', isText, show)(name, text);
  const [header = '', ...rest] = text.replace(/^\uFEFF/, '').split('\n');
  const last = rest.at(-1);
  if (last !== undefined && parseSent(last).frame === last) rest.pop();
  const read = (number: number, step: () => void) => {
    try {
      step();
    } catch (error) {
      throw new Error(`${name}, line ${number}: ${(error as Error).message}`);
    }
  };
  read(1, () => checkHeader(header));
  const checkOrder = orderCheck();
  const lines: RecordingLine[] = [];
  rest.forEach((content, index) => {
    if (content.trim() === '') return;
    read(index + 2, () => {
      const line = readLine(content);
      checkOrder(line);
      lines.push(line);
    });
  });
  const attempts = readAttempts(lines);
  if (attempts.length === 0) throw new Error(`${name}: nothing was dialled while it was recorded`);
  const isReceived = (line: RecordingLine) => 'direction' in line && line.direction === 'received';
  return {
    attempts,
    received: lines.filter(isReceived) as readonly RecordedFrame[],
    endedAt: (lines.at(-1) as RecordingLine).time,
  };
}

function checkHeader(content: string): void {
  const { recording, version } = parseSent(content);
  if (recording !== recordingHeader.recording) {
    const isPath = /^[^{}\s]+\.\w+$/.test(content);
    const hint = isPath ? ' (give the text of the recording, not a path)' : '';
    throw new Error(
      `expected the header ${JSON.stringify(recordingHeader)}, got ${show(content)}${hint}`,
    );
  }
  if (version !== recordingHeader.version)
    throw new Error(`expected version ${recordingHeader.version}, got ${show(version)}`);
}

function readLine(content: string): RecordingLine {
  const line = parseSent(content);
  if ('recording' in line) throw new Error('a second header: a file holds one recording');
  const kind = Object.keys(kinds).find((name) => name in line);
  if (kind === undefined)
    throw new Error(`expected a JSON object with one of ${Object.keys(kinds).join(', ')}`);
  for (const [name, check] of Object.entries(kinds[kind] as object))
    (check as Check)(name, line[name]);
  return line as unknown as RecordingLine;
}

type SocketState = 'opened' | 'closed';

/** Creates a check of each line against those before it. */
function orderCheck(): (line: RecordingLine) => void {
  const sockets = new Map<number, SocketState>();
  let latest = -Infinity;
  return (line) => {
    const { time } = line;
    if (time < latest) throw new Error(`time goes backwards: ${time} comes after ${latest}`);
    latest = time;
    if ('status' in line) return;
    sockets.set(line.attempt, stateAfter(line, sockets.get(line.attempt)));
  };
}

/** @throws Error - a socket that was in the state `before` cannot have done this */
function stateAfter(
  line: Exclude<RecordingLine, { readonly status: string }>,
  before: SocketState | undefined,
): SocketState {
  const { attempt } = line;
  if ('direction' in line) {
    if (before === 'opened') return before;
    throw new Error(`a frame of attempt ${attempt}, which was ${before ?? 'not opened'} before`);
  }
  // a failed dial closes without having opened
  const state = 'opened' in line ? 'opened' : 'closed';
  if (before !== 'closed' && before !== state) return state;
  const does = state === 'opened' ? 'opens' : 'closes';
  throw new Error(
    `attempt ${attempt} ${does}, but was ${before} before: a file holds one recording of one socket`,
  );
}
