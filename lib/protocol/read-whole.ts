import { ProtocolError } from '../errors.js';
import { isObject } from '../validate.js';
import type { ServerMessage } from './codec.js';
import { executionErrors } from './execution-errors.js';
import { fieldsOf } from './fields-of.js';
import { mayRepeat } from './may-have-field.js';
import type { JsonReviver } from './payload.js';
import { WholePayload } from './whole-payload.js';

/** Wire names of one protocol, by what they mean. */
export type WireTypes = Readonly<Record<string, ServerMessage['type']>>;

interface WireMessage {
  readonly type?: unknown;
  readonly id?: unknown;
  readonly payload?: unknown;
}

/**
 * The message in a frame, which is parsed. Of fields that come twice the first counts, as it does where the head alone is read.
 *
 * @throws ProtocolError - not JSON, not an object, no string `type`, or a result without an id.
 */
export function readWhole(
  frame: string,
  types: WireTypes,
  reviver: JsonReviver | undefined,
): ServerMessage {
  const malformed = (what: string, options?: ErrorOptions) =>
    new ProtocolError(`malformed frame: ${what}`, frame, options);
  let message: WireMessage;
  try {
    message = JSON.parse(frame) as object;
  } catch (cause) {
    throw malformed('not JSON', { cause });
  }
  if (!isObject(message)) throw malformed('no message type');
  const keys = Object.keys(message).length;
  const fields = mayRepeat(frame, keys) ? fieldsOf(frame) : [];
  if (fields.length > keys) {
    const entries = fields.map(({ name, text }) => [name, JSON.parse(text) as unknown] as const);
    message = Object.fromEntries(entries.reverse());
  }
  if (typeof message.type !== 'string') throw malformed('no message type');
  const { payload } = message;
  // some servers echo ids as numbers
  const id = typeof message.id === 'number' ? String(message.id) : message.id;
  const type = Object.hasOwn(types, message.type) ? types[message.type] : 'unknown';
  const hasId = typeof id === 'string' && id !== '';
  if (type === 'next') {
    if (!hasId) throw malformed('a result without id');
    const text = fields.find(({ name }) => name === 'payload')?.text;
    return { type, id, payload: new WholePayload(frame, reviver, payload, text) };
  }
  if (type === 'error' && hasId) return { type, id, errors: executionErrors(payload) };
  if (type === 'complete' && hasId) return { type, id };
  if (!type || type === 'unknown' || type === 'error' || type === 'complete') {
    return { type: 'unknown', frame };
  }
  return payload === undefined ? { type } : { type, payload };
}
