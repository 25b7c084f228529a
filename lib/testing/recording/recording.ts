import { type Check, isText, must } from '../check.js';
import { show } from '../show.js';
import { parseSent } from '../wire.js';

/** A frame that was sent or received. */
export interface RecordedFrame {
  /** ms since the epoch; never less than on the line before. */
  readonly time: number;
  /** Counts the dialled sockets. */
  readonly attempt: number;
  readonly direction: 'sent' | 'received';
  readonly text: string;
}

type Socket = Pick<RecordedFrame, 'time' | 'attempt'>;
/** A socket that opened, and the subprotocol that the server selected. */
export type RecordedOpening = Socket & { readonly opened: string };
/** The end of a socket, or of a dial: a close code and its reason. */
export type RecordedClosing = Socket & { readonly closed: number; readonly reason: string };
type SocketLine = RecordedFrame | RecordedOpening | RecordedClosing;

/** The last kind is a new state of the socket object, with the name of the error that led to it. */
export type RecordingLine =
  SocketLine | { readonly time: number; readonly status: string; readonly error?: string };

export type Recording = readonly RecordingLine[];

export const recordingHeader = { recording: 'rx-graphql-ws', version: 1 } as const;

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
  const read = <T>(number: number, step: () => T): T => {
    try {
      return step();
    } catch (error) {
      throw new Error(`${name}, line ${number}: ${(error as Error).message}`);
    }
  };
  read(1, () => checkHeader(header));
  const inOrder = createOrder();
  const lines = rest.flatMap((content, index) =>
    content.trim() === '' ? [] : read(index + 2, () => inOrder(readLine(content))),
  );
  if (lines.every((line) => 'status' in line))
    throw new Error(`${name}: nothing was dialled while it was recorded`);
  return lines;
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

function createOrder() {
  const sockets = new Map<number, SocketState>();
  let latest = -Infinity;
  return (line: RecordingLine): RecordingLine => {
    const { time } = line;
    if (time < latest) throw new Error(`time goes backwards: ${time} comes after ${latest}`);
    latest = time;
    if (!('status' in line)) sockets.set(line.attempt, stateAfter(line, sockets.get(line.attempt)));
    return line;
  };
}

type SocketState = 'opened' | 'closed';

/** @throws Error - a socket that was in the state `before` cannot have done this */
function stateAfter(line: SocketLine, before: SocketState | undefined): SocketState {
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
