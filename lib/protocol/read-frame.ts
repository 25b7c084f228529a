import { ProtocolError } from '../errors.js';
import type { ServerMessage } from './codec.js';
import { executionErrors } from './execution-errors.js';
import type { JsonReviver } from './payload.js';
import { parsedPayload, payloadInFrame } from './payload.js';

/** A frame whose head names type, then id or id, then type, then the payload: all that servers send, but for white space. */
const resultHead =
  /\s*\{\s*(?:"type"\s*:\s*"([a-z]+)"\s*,\s*"id"\s*:\s*"([^"\\\p{Cc}]+)"|"id"\s*:\s*"([^"\\\p{Cc}]+)"\s*,\s*"type"\s*:\s*"([a-z]+)")\s*,\s*"payload"\s*:\s*/uy;

/** Wire names of one protocol, by what they mean. */
export type WireTypes = Readonly<Record<string, Exclude<ServerMessage['type'], 'unknown'>>>;

/**
 * Reads frames of a protocol whose messages are `{ type, id?, payload? }`. A result is recognised by its head, so that what
 * the consumer drops is never parsed; everything else, and a result whose head is unusual, is parsed whole.
 *
 * @throws ProtocolError - not JSON, not an object, no string `type`, or a result without an id.
 */
export function readFrame(
  frame: string,
  types: WireTypes,
  reviver: JsonReviver | undefined,
): ServerMessage {
  resultHead.lastIndex = 0;
  const head = resultHead.exec(frame);
  const type = head?.[1] ?? head?.[4];
  if (head && type !== undefined && types[type] === 'next') {
    const id = head[2] ?? (head[3] as string);
    return { type: 'next', id, payload: payloadInFrame(frame, resultHead.lastIndex, reviver) };
  }
  return readWhole(frame, types, reviver);
}

function readWhole(
  frame: string,
  types: WireTypes,
  reviver: JsonReviver | undefined,
): ServerMessage {
  const message = parseMessage(frame);
  const type = Object.hasOwn(types, message.type) ? types[message.type] : undefined;
  const id = operationId(message.id);
  switch (type) {
    case 'next':
      if (id === undefined) throw new ProtocolError('malformed frame: a result without id', frame);
      return { type, id, payload: parsedPayload(message.payload, frame, reviver) };
    case 'error':
      if (id === undefined) break;
      return { type, id, errors: executionErrors(message.payload) };
    case 'complete':
      if (id === undefined) break;
      return { type, id };
    case undefined:
      break;
    default:
      return message.payload === undefined ? { type } : { type, payload: message.payload };
  }
  return { type: 'unknown', frame };
}

function parseMessage(frame: string): { type: string; id?: unknown; payload?: unknown } {
  let message: unknown;
  try {
    message = JSON.parse(frame);
  } catch (cause) {
    throw new ProtocolError('malformed frame: not JSON', frame, { cause });
  }
  if (typeof message !== 'object' || message === null || Array.isArray(message)) {
    throw new ProtocolError('malformed frame: not an object', frame);
  }
  if (!('type' in message) || typeof message.type !== 'string') {
    throw new ProtocolError('malformed frame: no message type', frame);
  }
  return message as { type: string };
}

/** Some servers echo ids as numbers. */
function operationId(id: unknown): string | undefined {
  if (typeof id === 'number') return String(id);
  return typeof id === 'string' && id !== '' ? id : undefined;
}
