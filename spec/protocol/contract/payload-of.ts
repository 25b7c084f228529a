import type { Codec } from '../../../lib/protocol/codec.js';
import type { Payload } from '../../../lib/types.js';

/** The beginning of a result for the operation 1, up to its payload. */
export const head = (type: string) => `{"type":"${type}","id":"1","payload":`;

/** @throws Error - the frame is no result */
export function payloadOf(frame: string, { decode }: Codec): Payload {
  const message = decode(frame);
  if (message.type !== 'next') throw new Error(`expected next, got ${message.type}`);
  return message.payload;
}
