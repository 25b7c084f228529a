import type { ClientMessage, Codec, ExecutionResult, Payload, ServerMessage } from 'rx-graphql-ws';
import { isGraphQLSocketError } from 'rx-graphql-ws';
import { isObject, isText } from '../check.js';
import { isComposite } from '../is-equal.js';
import { sameJson } from '../json.js';

interface Refused {
  readonly type: 'refused';
  readonly reason: string;
}

/** A decoded frame, with the decoded result. A result that is `undefined` was refused by `payload.decode()`. */
export type Reading =
  | Exclude<ServerMessage, { readonly type: 'next' }>
  | { readonly type: 'next'; readonly id: string; readonly text: string; readonly result?: unknown }
  | Refused;

type Field = readonly [expected: string, test: (value: unknown, frame: string) => boolean];

const isError = (value: unknown) => isComposite(value) && isText(value.message);
const id: Field = ['a string that is not empty', (value) => isText(value) && value !== ''];
const payload: Field = [
  'an object with `text` and `decode()`',
  (value) => isComposite(value) && 'text' in value && typeof value.decode === 'function',
];
const errors: Field = [
  'at least one error, each with a text as its `message`',
  (value) => Array.isArray(value) && value.length > 0 && value.every(isError),
];
const frame: Field = ['the frame as it came', (value, frame) => value === frame];

const fields: Readonly<Record<ServerMessage['type'], Readonly<Record<string, Field>>>> = {
  ...{ ack: {}, rejected: {}, ping: {}, pong: {} },
  ...{ next: { id, payload }, error: { id, errors }, complete: { id }, unknown: { frame } },
};

export type Cases = Readonly<Record<string, () => void>>;

export const each =
  <T>(examples: readonly T[] | (() => readonly T[]), check: (example: T) => unknown) =>
  () => {
    for (const example of typeof examples === 'function' ? examples() : examples) check(example);
  };

/** Makes a case of each entry of a table. @param name - `%` in it stands for the key */
export function casesOf<T>(
  table: Readonly<Record<string, T>>,
  name: string,
  run: (entry: T, key: string) => () => void,
): Cases {
  const entries = Object.entries(table);
  return Object.fromEntries(
    entries.map(([key, entry]) => [name.replace('%', key), run(entry, key)]),
  );
}

/** Creates the error of a broken promise. It has the name that runners give theirs, so that they print a difference. */
export function mismatch(where: string, expected: string, actual: string, cause?: unknown): Error {
  const message = `${where}\n  expected  ${expected}\n  actual    ${actual}`;
  const error = new Error(message, cause === undefined ? {} : { cause });
  return Object.assign(error, { name: 'AssertionError', expected, actual });
}

export function mustEqual(where: string, actual: unknown, expected: unknown): void {
  if (!sameJson(actual, expected)) throw mismatch(where, shown(expected), shown(actual));
}

export const encoding = (message: ClientMessage) => `encode(${shown(message)})`;
export const decoding = (frame: string) => `decode(${shown(frame)})`;

export function writeMessage(codec: Codec, message: ClientMessage): string {
  let frame: unknown;
  try {
    frame = codec.encode(message);
  } catch (thrown) {
    throw mismatch(encoding(message), 'a string', shown(thrown), thrown);
  }
  if (isText(frame)) return frame;
  throw mismatch(encoding(message), 'a string', shown(frame));
}

/** Encodes a message, or gives `undefined` when the codec throws. */
export function writeOrRefuse(codec: Codec, message: ClientMessage): string | undefined {
  try {
    codec.encode(message);
  } catch {
    return undefined;
  }
  return writeMessage(codec, message);
}

/** Decodes a frame. @throws Error - the codec gives no message, or throws another error than a ProtocolError */
export function decodeFrame(codec: Codec, frame: string): ServerMessage | Refused {
  const where = decoding(frame);
  const expected = 'a message, or a ProtocolError';
  const { value, refusal } = attempt(where, expected, () => codec.decode(frame));
  if (refusal !== undefined) return { type: 'refused', reason: refusal };
  const given: unknown = value;
  const type = isComposite(given) ? given.type : undefined;
  if (!isText(type) || !Object.hasOwn(fields, type))
    throw mismatch(where, `a message of the type ${Object.keys(fields).join(', ')}`, shown(value));
  for (const [name, [expected, test]] of Object.entries(fields[type as ServerMessage['type']])) {
    const member = (value as unknown as Record<string, unknown>)[name];
    if (!test(member, frame)) throw mismatch(`${where}.${name}`, expected, shown(member));
  }
  return value;
}

export function readFrame(codec: Codec, frame: string): Reading {
  const message = decodeFrame(codec, frame);
  if (message.type !== 'next') return message;
  const where = `${decoding(frame)}.payload.text`;
  const { value, refusal } = attempt(where, 'a string', (): unknown => message.payload.text);
  if (!isText(value)) throw mismatch(where, 'a string', refusal ?? shown(value));
  return { type: 'next', id: message.id, text: value, result: readResult(frame, message.payload) };
}

export function expectReading(
  codec: Codec,
  frame: string,
  expected: string,
  isAllowed: (reading: Reading) => boolean,
): void {
  const reading = readFrame(codec, frame);
  if (isAllowed(reading)) return;
  throw mismatch(decoding(frame), expected, shownReading(reading));
}

/** Decodes a payload, or gives `undefined` when the codec refuses it. */
export function readResult(frame: string, payload: Payload): ExecutionResult | undefined {
  const where = `${decoding(frame)}.payload.decode()`;
  const expected = 'a result (data, errors, incremental or hasNext), or a ProtocolError';
  const { value, refusal } = attempt(where, expected, () => payload.decode());
  const names = ['data', 'errors', 'incremental', 'hasNext'];
  const isResult = isObject(value) && names.some((name) => name in value);
  if (refusal !== undefined || isResult) return value;
  throw mismatch(where, expected, shown(value));
}

/** Calls the codec, which may throw a ProtocolError. It is known by its name, because builds and realms have classes of their own. */
function attempt<T>(where: string, expected: string, call: () => T) {
  try {
    return { value: call(), refusal: undefined };
  } catch (thrown) {
    if (!isGraphQLSocketError(thrown) || thrown.name !== 'ProtocolError')
      throw mismatch(where, expected, shown(thrown), thrown);
    return { value: undefined, refusal: `ProtocolError: ${thrown.message}` };
  }
}
/** A value on one line: text unchanged, so that a frame can be read; everything else as JSON. */
export function shown(value: unknown): string {
  const text = isText(value) ? `'${value}'` : written(value);
  const cut = text.length > 1_000 ? `${text.slice(0, 1_000)}…` : text;
  // invisible characters: a byte order mark, half of a surrogate pair
  return cut.replace(/[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}\u00a0]/gu, (character) => {
    const code = character.codePointAt(0) as number;
    return `<U+${code.toString(16).toUpperCase().padStart(4, '0')}>`;
  });
}

export function shownReading(reading: Reading): string {
  return reading.type === 'refused' ? reading.reason : shown(reading);
}

function written(value: unknown): string {
  if (typeof value === 'function') return 'a function';
  if (!isComposite(value)) return String(value);
  // an error of any realm
  if (value.stack !== undefined) return `${String(value.name)}: ${String(value.message)}`;
  const kind = Object.prototype.toString.call(value);
  if (kind !== '[object Object]' && kind !== '[object Array]') return kind;
  try {
    return JSON.stringify(value, (_key, inner: unknown) =>
      typeof inner === 'bigint' ? `${String(inner)}n` : inner,
    );
  } catch {
    return 'a value that JSON cannot hold';
  }
}
