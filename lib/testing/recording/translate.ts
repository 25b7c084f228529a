import { parseSent, type WireNames } from '../wire.js';
import type { Scene } from './scene.js';

/**
 * Selects the subprotocol of a replay: the recorded one if the client offers it, else an offered one of the two standard ones, first that
 * of the recorded messages.
 * @returns an empty string if the client offers none of them
 */
export function chooseSubprotocol({ subprotocol, dialect }: Scene, offered: readonly string[]) {
  const wanted = [subprotocol, dialect, 'graphql-transport-ws', 'graphql-ws'];
  return wanted.find((name) => offered.includes(name)) ?? '';
}

/** Type and id in front of a payload. The payload stays text, because it may hold numbers that JavaScript does not have. */
const head =
  /^\s*\{\s*(?:"type"\s*:\s*"\w+"\s*,\s*"id"\s*:\s*(?:"[^"\\]*"|\d+)|"id"\s*:\s*(?:"[^"\\]*"|\d+)\s*,\s*"type"\s*:\s*"\w+")\s*,\s*("payload"\s*:[^]*)$/;

/** @param given - the id of the operation on this connection; default: the one in the frame */
export function translate(frame: string, from: WireNames, to: WireNames, given?: string): string {
  const message = parseSent(frame);
  const id = given ?? message.id;
  const type = rename(message.type, from, to);
  if (from !== to && type === 'error')
    return JSON.stringify({ ...message, id, payload: errorsFor(message.payload, to) });
  if (type === message.type && id === message.id) return frame;
  const rest = head.exec(frame)?.[1];
  if (rest) return `{"type":${JSON.stringify(type)},"id":${JSON.stringify(id)},${rest}`;
  return JSON.stringify({ ...message, type, id });
}

function rename(type: unknown, from: WireNames, to: WireNames): unknown {
  if (from === to) return type;
  if (type === from.next) return to.next;
  if (type === from.heartbeat) return to.heartbeat;
  return type === 'ping' ? (to.ping ?? to.heartbeat) : type;
}

/** The current protocol has a list of errors, the legacy one a single error. */
export function errorsFor(payload: unknown, to: WireNames): unknown {
  const errors = [payload].flat();
  return to.ping === undefined && errors.length === 1 ? errors[0] : errors;
}
