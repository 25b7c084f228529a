import type { Codec, ExecutionResult, Payload, ServerMessage } from 'rx-graphql-ws';
import { isGraphQLSocketError } from 'rx-graphql-ws';
import { decoding } from './calls.js';
import { checkMessage } from './check-message.js';
import { mismatch } from './mismatch.js';
import { shown } from './shown.js';

/** What a codec makes of a frame, a result decoded; a result that is not there was refused when it was decoded. */
export type Reading =
  | Exclude<ServerMessage, { readonly type: 'next' }>
  | { readonly type: 'next'; readonly id: string; readonly text: string; readonly result?: unknown }
  | { readonly type: 'refused'; readonly reason: string };

/** What a codec makes of a frame. @throws Error - it is no message, or what was thrown is no ProtocolError. */
export function decodeFrame(
  codec: Codec,
  frame: string,
): ServerMessage | Extract<Reading, { readonly type: 'refused' }> {
  const message = attempt(
    () => decoding(frame),
    'a message, or a ProtocolError',
    () => codec.decode(frame),
  );
  if ('refusal' in message) return { type: 'refused', reason: message.refusal };
  checkMessage(message.value, frame);
  return message.value;
}

/** The same, with its result if there is one. @throws Error - it is none, or what was thrown is no ProtocolError. */
export function readFrame(codec: Codec, frame: string): Reading {
  const message = decodeFrame(codec, frame);
  return message.type === 'next' ? readNext(frame, message) : message;
}

/** The result in a payload; undefined where it is refused. @throws Error - it is none, or what was thrown is no ProtocolError. */
export function readResult(frame: string, payload: Payload): unknown {
  const where = () => `${decoding(frame)}.payload.decode()`;
  const expected = 'a result (data, errors, incremental or hasNext), or a ProtocolError';
  const result = attempt(where, expected, () => payload.decode());
  if ('refusal' in result || isResult(result.value)) return result.value;
  throw mismatch(where(), expected, shown(result.value));
}

function readNext(
  frame: string,
  { id, payload }: Extract<ServerMessage, { readonly type: 'next' }>,
): Reading {
  const where = () => `${decoding(frame)}.payload.text`;
  const text = attempt(where, 'a string', (): unknown => payload.text);
  if (typeof text.value !== 'string') {
    throw mismatch(where(), 'a string', text.refusal ?? shown(text.value));
  }
  return { type: 'next', id, text: text.value, result: readResult(frame, payload) };
}

function isResult(value: unknown): value is ExecutionResult {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return false;
  return ['data', 'errors', 'incremental', 'hasNext'].some((field) => field in value);
}

type Attempt<T> =
  | { readonly value: T; readonly refusal?: never }
  | { readonly value?: never; readonly refusal: string };

/** What may be refused with a ProtocolError, known by its brand and name: builds and realms have classes of their own. */
function attempt<T>(where: () => string, expected: string, run: () => T): Attempt<T> {
  try {
    return { value: run() };
  } catch (thrown) {
    if (isGraphQLSocketError(thrown) && thrown.name === 'ProtocolError') {
      return { refusal: `ProtocolError: ${thrown.message}` };
    }
    throw mismatch(where(), expected, shown(thrown), thrown);
  }
}
