import { ProtocolError } from '../errors.js';
import { isObject } from '../validate.js';
import type { BuiltInCodec, ClientMessage, ServerMessage } from './codec.js';
import { graphqlErrors } from './graphql-errors.js';
import type { JsonReplacer, JsonReviver } from './payload.js';
import { FramePayload, isResult } from './payload.js';

/** The type names of one protocol, with their meaning. */
type ServerTypes = Readonly<Record<string, Exclude<ServerMessage['type'], 'unknown'>>>;

/** Matches the head of a result, up to its payload. Made once for a protocol, because each client would compile it at its start. */
export function resultHead(next: string): RegExp {
  const type = `"type": ?"${next}"`;
  // no flag u: with characters of two code units a long id would overflow the stack of the matcher
  const id = String.raw`"id": ?"([^"\\\x00-\x1f]+)"`;
  return new RegExp(`\\{(?:${type}, ?${id}|${id}, ?${type}), ?"payload":[ \\t\\n\\r]*`, 'y');
}

/**
 * A protocol whose messages are `{ type, id?, payload? }`. A result is recognised by its head, so that a result that the consumer drops
 * is never parsed. Any other frame is parsed whole. A frame whose head is that of a result and whose rest is no JSON fails in `decode()`
 * of the payload, and the connection goes on.
 *
 * `decode` throws a ProtocolError for a frame that is not JSON, not an object, without a string `type`, or a result without an id.
 *
 * @param head - of `resultHead`
 * @param clientTypes - the type names of the messages that the protocol has
 */
export function jsonCodec(
  subprotocol: string,
  head: RegExp,
  clientTypes: Readonly<Partial<Record<ClientMessage['type'], string>>>,
  serverTypes: ServerTypes,
  replacer: JsonReplacer | undefined,
  reviver: JsonReviver | undefined,
): BuiltInCodec {
  return {
    subprotocol,
    canPing: 'ping' in clientTypes,
    encode(message) {
      const name = clientTypes[message.type];
      return name ? JSON.stringify({ ...message, type: name }, replacer) : '';
    },
    decode(frame) {
      head.lastIndex = 0;
      const match = head.exec(typeof frame === 'string' ? frame : frame.head);
      if (!match) return parseFrame(String(frame), serverTypes, reviver);
      const id = (match[1] ?? match[2]) as string;
      return { type: 'next', id, payload: new FramePayload(frame, reviver, head.lastIndex) };
    },
  };
}

function parseFrame(
  frame: string,
  types: ServerTypes,
  reviver: JsonReviver | undefined,
): ServerMessage {
  const message = parseMessage(frame);
  const { payload } = message;
  const type = Object.hasOwn(types, message.type) ? types[message.type] : undefined;
  switch (type) {
    case undefined:
      return { type: 'unknown', frame };
    case 'next':
    case 'error':
    case 'complete':
      return operationMessage(type, message, frame, reviver);
    default:
      return payload === undefined ? { type } : { type, payload };
  }
}

interface JsonMessage {
  readonly type: string;
  readonly id?: unknown;
  readonly payload?: unknown;
}

function parseMessage(frame: string): JsonMessage {
  let message: JsonMessage;
  try {
    message = JSON.parse(frame) as JsonMessage;
  } catch (cause) {
    throw malformed('not JSON', frame, { cause });
  }
  if (isObject(message) && typeof message.type === 'string') return message;
  throw malformed('no message type', frame);
}

function operationMessage(
  type: 'next' | 'error' | 'complete',
  message: JsonMessage,
  frame: string,
  reviver: JsonReviver | undefined,
): ServerMessage {
  const { payload } = message;
  // some servers echo ids as numbers
  const id = /^[sn]/.test(typeof message.id) ? String(message.id) : '';
  if (!id && type === 'next') throw malformed('a result without id', frame);
  if (!id) return { type: 'unknown', frame };
  if (type === 'error') return { type, id, errors: graphqlErrors(payload) };
  if (type === 'complete' && !isResult(payload)) return { type, id };
  return { type, id, payload: new FramePayload(frame, reviver, 0, payload) };
}

function malformed(what: string, frame: string, options?: ErrorOptions): ProtocolError {
  return new ProtocolError(`malformed frame: ${what}`, frame, options);
}
