import type { Frame, LongFrame } from '../long-frame.js';
import type { Codec, ServerMessage } from './codec.js';
import type { JsonReviver } from './payload.js';
import { resultReader } from './result-reader.js';
import type { WireTypes } from './read-whole.js';
import { readWhole } from './read-whole.js';

/** How the built-in codecs read. */
export interface FrameReader extends Pick<Codec, 'decode'> {
  /** As `decode`; no text is made of a result. */
  decodeLong(frame: LongFrame): ServerMessage;
}

/**
 * Reads frames of a protocol whose messages are `{ type, id?, payload? }`. A result is recognised by its head, so that what
 * the consumer drops is never parsed; everything else, and a result whose head is unusual, is parsed whole. What comes out of it
 * is the same, but for a result whose head is right and whose rest is no JSON: its `decode()` fails, and the connection goes on.
 */
export function frameReader(types: WireTypes, reviver?: JsonReviver): FrameReader {
  const readResult = resultReader(types, reviver);
  const decode = (frame: string) => readResult(frame, frame) ?? readWhole(frame, types, reviver);
  return {
    decode,
    decodeLong(frame) {
      const result = readResult(frame.head, frame);
      // an id that is not ASCII is not what the head shows
      return result && !/[^\x20-\x7e]/.test(result.id) ? result : decode(String(frame));
    },
  };
}

/** What is in a frame, for any codec. */
export function decodeFrame(codec: Codec & Partial<FrameReader>, frame: Frame): ServerMessage {
  if (typeof frame === 'string') return codec.decode(frame);
  return codec.decodeLong?.(frame) ?? codec.decode(String(frame));
}
