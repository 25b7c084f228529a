import { isObject } from '../check.js';

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
  try {
    const value: unknown = JSON.parse(text);
    return isObject(value) && typeof value.type === 'string'
      ? (value as unknown as WireMessage)
      : undefined;
  } catch {
    return undefined;
  }
}
