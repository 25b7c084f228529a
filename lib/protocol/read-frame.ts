import { ProtocolError } from '../errors.js';
import { isObject } from '../validate.js';
import type { ServerMessage } from './codec.js';
import { executionErrors } from './execution-errors.js';
import type { JsonReviver } from './payload.js';
import { FramePayload } from './payload.js';

/** A frame whose head names type, then id or id, then type, then the payload: all that servers send, but for white space. */
const resultHead = new RegExp(
  String.raw`_\{_(?:"type"_:_"(\w+)"_,_)?"id"_:_"([^"\\\p{Cc}]+)"_,_(?:"type"_:_"(\w+)"_,_)?"payload"_:_`
    // JSON's white space: \s is more, a byte order mark for one
    .replaceAll('_', '[ \\t\\n\\r]*'),
  'uy',
);

/** Wire names of one protocol, by what they mean. */
export type WireTypes = Readonly<Record<string, ServerMessage['type']>>;

/**
 * Reads frames of a protocol whose messages are `{ type, id?, payload? }`. A result is recognised by its head, so that what
 * the consumer drops is never parsed; everything else, and a result whose head is unusual, is parsed whole.
 *
 * @throws ProtocolError - not JSON, not an object, no string `type`, or a result without an id.
 */
export function readFrame(frame: string, types: WireTypes, reviver?: JsonReviver): ServerMessage {
  resultHead.lastIndex = 0;
  const head = resultHead.exec(frame);
  // both places of `type` is one too many, none is for the whole parse
  if (head && !head[1] !== !head[3] && types[String(head[1] ?? head[3])] === 'next') {
    const payload = new FramePayload(frame, reviver, resultHead.lastIndex);
    return { type: 'next', id: head[2] as string, payload };
  }
  const malformed = (what: string, options?: ErrorOptions) =>
    new ProtocolError(`malformed frame: ${what}`, frame, options);
  let message: { type?: unknown; id?: unknown; payload?: unknown };
  try {
    message = JSON.parse(frame) as object;
  } catch (cause) {
    throw malformed('not JSON', { cause });
  }
  if (!isObject(message) || typeof message.type !== 'string') throw malformed('no message type');
  const { payload } = message;
  // some servers echo ids as numbers
  const id = typeof message.id === 'number' ? String(message.id) : message.id;
  const type = Object.hasOwn(types, message.type) ? types[message.type] : 'unknown';
  const hasId = typeof id === 'string' && id !== '';
  if (type === 'next') {
    if (!hasId) throw malformed('a result without id');
    return { type, id, payload: new FramePayload(frame, reviver) };
  }
  if (type === 'error' && hasId) return { type, id, errors: executionErrors(payload) };
  if (type === 'complete' && hasId) return { type, id };
  if (!type || type === 'unknown' || type === 'error' || type === 'complete') {
    return { type: 'unknown', frame };
  }
  return payload === undefined ? { type } : { type, payload };
}
