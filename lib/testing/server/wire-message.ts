import { isObject, isText } from '../check.js';
import { parsed } from '../json.js';

/** A message as it is on the wire, in either protocol. */
export interface WireMessage {
  readonly type: string;
  readonly id?: unknown;
  readonly payload?: unknown;
}

/** A frame to send: text as it is, bytes as a binary frame, a message as JSON. */
export type Frame = string | Uint8Array | WireMessage;

/** Parses the message in a frame: `undefined` unless the frame is a JSON object with a string `type`. */
export function parseWireMessage(text: string): WireMessage | undefined {
  const value = parsed(text);
  return isObject(value) && isText(value.type) ? (value as unknown as WireMessage) : undefined;
}
