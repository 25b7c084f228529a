import { ProtocolError } from '../errors.js';
import type { Payload } from '../types.js';
import type { JsonReviver } from './payload.js';
import { toResult } from './payload.js';

/** The payload of a frame that had to be parsed whole to know what it is: `value` is what its `text` says. */
export function wholePayload(
  frame: string,
  text: string,
  value: unknown,
  reviver: JsonReviver | undefined,
): Payload {
  // for one consumer alone: what it does to its result must not be seen by another
  let spare = reviver ? undefined : value;
  const parse = () => {
    try {
      return JSON.parse(text, reviver) as unknown;
    } catch (cause) {
      throw new ProtocolError('malformed result: not JSON', frame, { cause });
    }
  };
  return {
    text,
    decode() {
      const result = spare ?? parse();
      spare = undefined;
      return toResult(result, frame);
    },
  };
}
