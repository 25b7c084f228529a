/** A message as it is on the wire, in either protocol. */
export interface WireMessage {
  readonly type: string;
  readonly id?: unknown;
  readonly payload?: unknown;
}

/** What can be sent: text as it is, bytes as a binary frame, anything else as JSON. */
export type Frame = string | Uint8Array | WireMessage;

/**
 * The message in a frame.
 *
 * @param text - the frame
 * @returns the message, or `undefined` when the frame is not a JSON object with a string `type`
 */
export function parseWireMessage(text: string): WireMessage | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return isWireMessage(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

function isWireMessage(value: unknown): value is WireMessage {
  return isObject(value) && typeof value.type === 'string';
}

/** Whether `value` is a JSON object: neither `null` nor an array. */
export function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
