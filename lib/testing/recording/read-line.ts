import { recordingHeader, type RecordingLine } from './recording-line.js';

/** At most this many characters of a recording are shown. */
const longest = 80;

type Fields = Readonly<Record<string, unknown>>;

/** What a field must be, and whether it is. */
type Expectation = readonly [string, (value: unknown) => boolean];

const isText = (value: unknown) => typeof value === 'string';
const isNumber = (value: unknown) => typeof value === 'number';
const text: Expectation = ['text', isText];
const attempt: Expectation = ['an integer', Number.isInteger];
const direction: Expectation = [
  '"sent" or "received"',
  (value) => value === 'sent' || value === 'received',
];

/** By the field that tells one kind of line from another. */
const kinds: Readonly<Record<string, Readonly<Record<string, Expectation>>>> = {
  direction: { attempt, direction, text },
  opened: { attempt, opened: ['a subprotocol', isText] },
  closed: { attempt, closed: ['a close code', isNumber], reason: text },
  status: { status: text },
};

/**
 * Reads the first line.
 *
 * @throws Error - no header, or of a version that is unknown
 */
export function readHeader(content: string): void {
  const { recording, version } = parse(content) ?? {};
  if (recording !== recordingHeader.recording) {
    const hint = isPath(content) ? ' (a path? the text of the recording is wanted)' : '';
    const expected = JSON.stringify(recordingHeader);
    throw new Error(`expected the header ${expected}, got ${quote(content)}${hint}`);
  }
  if (version !== recordingHeader.version) {
    const known = recordingHeader.version;
    throw new Error(`version ${write(version)} is unknown: version ${known} is read here`);
  }
}

/**
 * Reads any other line.
 *
 * @throws Error - it is none of a recording
 */
export function readLine(content: string): RecordingLine {
  const line = parse(content);
  if (!line) throw new Error(`not a JSON object: ${quote(content)}`);
  if ('recording' in line) throw new Error('a second header: a file holds one recording');
  const kind = Object.keys(kinds).find((name) => name in line);
  if (kind === undefined) {
    const known = Object.keys(kinds).join(', ');
    throw new Error(`expected one of ${known}, got none of them: ${quote(content)}`);
  }
  const expected = { time: ['a number of ms', isNumber] as Expectation, ...kinds[kind] };
  for (const [name, [what, test]] of Object.entries(expected))
    if (!test(line[name]))
      throw new Error(
        `expected \`${name}\` to be ${what}, got ${write(line[name])}: ${quote(content)}`,
      );
  return line as unknown as RecordingLine;
}

/** The object in a line, if there is one. */
function parse(content: string): Fields | undefined {
  try {
    const value: unknown = JSON.parse(content);
    return typeof value === 'object' && value !== null ? (value as Fields) : undefined;
  } catch {
    return undefined;
  }
}

function write(value: unknown): string {
  return value === undefined ? 'nothing' : quote(JSON.stringify(value), '');
}

/** The beginning of a text. */
function quote(content: string, mark = '"'): string {
  const rest = content.length > longest ? '…' : '';
  return `${mark}${content.slice(0, longest)}${rest}${mark}`;
}

function isPath(content: string): boolean {
  return /^[^{}\s]+\.\w+$/.test(content);
}
