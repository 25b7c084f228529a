import type { ClientMessage, Codec } from 'rx-graphql-ws';
import { encoding } from './calls.js';
import { mismatch } from './mismatch.js';
import { shown } from './shown.js';

/** What the codec writes; undefined where it throws, as it may over what it cannot carry. */
export function writeOrRefuse(codec: Codec, message: ClientMessage): string | undefined {
  let frame: unknown;
  try {
    frame = codec.encode(message);
  } catch {
    return undefined;
  }
  return checked(message, frame);
}

/** What the codec writes for a message that it must not refuse. */
export function writeMessage(codec: Codec, message: ClientMessage): string {
  let frame: unknown;
  try {
    frame = codec.encode(message);
  } catch (thrown) {
    throw mismatch(encoding(message), 'a string', shown(thrown), thrown);
  }
  return checked(message, frame);
}

function checked(message: ClientMessage, frame: unknown): string {
  if (typeof frame === 'string') return frame;
  throw mismatch(encoding(message), 'a string', shown(frame));
}
