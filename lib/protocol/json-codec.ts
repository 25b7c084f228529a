import { ProtocolError } from '../errors.js';
import { isObject } from '../validate.js';
import type { BuiltInCodec, ClientMessage, ServerMessage } from './codec.js';
import { graphqlErrors } from './graphql-errors.js';
import type { JsonReplacer, JsonReviver } from './payload.js';
import { FramePayload, isResult } from './payload.js';

/** The type names of one protocol, with their meaning. */
type ServerTypes = Readonly<Record<string, ServerMessage['type']>>;

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
  const malformed = (what: string, options?: ErrorOptions) =>
    new ProtocolError(`malformed frame: ${what}`, frame, options);
  let message: Readonly<Record<string, unknown>>;
  try {
    message = JSON.parse(frame) as Record<string, unknown>;
  } catch (cause) {
    throw malformed('not JSON', { cause });
  }
  if (!isObject(message) || typeof message.type !== 'string') throw malformed('no message type');
  const { payload } = message;
  // some servers echo ids as numbers
  const id = typeof message.id === 'number' ? String(message.id) : message.id;
  const hasId = typeof id === 'string' && id !== '';
  const type = Object.hasOwn(types, message.type) ? types[message.type] : 'unknown';
  switch (type) {
    case 'next':
      if (!hasId) throw malformed('a result without id');
      return { type, id, payload: new FramePayload(frame, reviver, 0, payload) };
    case 'error':
      if (hasId) return { type, id, errors: graphqlErrors(payload) };
      break;
    case 'complete':
      if (!hasId) break;
      if (!isResult(payload)) return { type, id };
      return { type, id, payload: new FramePayload(frame, reviver, 0, payload) };
    case 'unknown':
    case undefined:
      break;
    default:
      return { type, payload };
  }
  return { type: 'unknown', frame };
}
