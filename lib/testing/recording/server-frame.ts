import { parseSent, type SentMessage } from '../sent-message.js';
import type { WireNames } from '../wire-names.js';

/** A frame of a server's. */
export interface ServerFrame {
  readonly text: string;
  readonly message: SentMessage;
}

/** Type and id in front of a payload, in either order. What follows is kept as it is: it may hold numbers that JavaScript has not. */
const head =
  /^\s*\{\s*(?:"type"\s*:\s*"\w+"\s*,\s*"id"\s*:\s*(?:"[^"\\]*"|\d+)|"id"\s*:\s*(?:"[^"\\]*"|\d+)\s*,\s*"type"\s*:\s*"\w+")\s*,\s*("payload"\s*:[^]*)$/;

/** The frame with this text. */
export function readServerFrame(text: string): ServerFrame {
  return { text, message: parseSent(text) };
}

/**
 * What a server would have said in another protocol, to another client.
 *
 * @param frame - as it was said
 * @param from - the names of the protocol in which it was
 * @param to - those of the other, which may be the same
 * @param id - what this client calls the operation; that of the frame if there is none
 */
export function retell(
  { text, message }: ServerFrame,
  from: WireNames,
  to: WireNames,
  id: unknown = message.id,
): string {
  const type = from === to ? message.type : rename(message.type, from, to);
  const adapted = from !== to && type === 'error';
  if (type === message.type && id === message.id && !adapted) return text;
  const rest = !adapted && head.exec(text)?.[1];
  if (rest) return `{"type":${JSON.stringify(type)},"id":${JSON.stringify(id)},${rest}`;
  const payload = adapted ? errorsFor(message.payload, to) : message.payload;
  return JSON.stringify({ ...message, type, id, payload });
}

function rename(type: unknown, from: WireNames, to: WireNames): unknown {
  if (type === from.next) return to.next;
  if (type === from.heartbeat) return to.heartbeat;
  return type === 'ping' ? (to.ping ?? to.heartbeat) : type;
}

/** A list in the current protocol; in the legacy one the error itself, if it is alone. */
function errorsFor(payload: unknown, to: WireNames): unknown {
  const errors = [payload].flat();
  return to.ping === undefined && errors.length === 1 ? errors[0] : errors;
}
