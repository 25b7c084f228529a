import type { Frame } from '../long-frame.js';
import type { Payload } from '../types.js';
import { mayHaveField } from './may-have-field.js';
import type { JsonReviver } from './payload.js';
import { FramePayload } from './payload.js';
import type { WireTypes } from './read-whole.js';
import { WholePayload } from './whole-payload.js';

/** What a frame of sorted fields ends with. */
const sortedTail = new RegExp(String.raw`,_"type"_:_"(\w+)"_\}_$`.replaceAll('_', '[ \\t\\n\\r]*'));

/** Characters in which the tail is looked for. */
const tailLength = 64;

/**
 * Finds payloads of results whose fields are sorted by name, as encoders of maps do it: the type comes last. What is written like it
 * at the end of an object is it, unless a type comes before, between the payload and it. Where there might be one, only a parse can tell.
 */
export function sortedPayloads(
  types: WireTypes,
  usual: string,
  reviver: JsonReviver | undefined,
): (frame: Frame, start: number) => Payload | undefined {
  const usualTail = `,"type":"${usual}"}`;
  const tailOf = (frame: string) => {
    if (frame.endsWith(usualTail)) return frame.length - usualTail.length;
    const from = Math.max(frame.length - tailLength, 0);
    const match = sortedTail.exec(frame.slice(from));
    return match && types[String(match[1])] === 'next' ? from + match.index : 0;
  };
  return (frame, start) => {
    // of a long frame only the head is there
    if (typeof frame !== 'string') return undefined;
    const tail = tailOf(frame);
    if (tail === 0) return undefined;
    if (!mayHaveField(frame, 'type', start, tail)) {
      return new FramePayload(frame, reviver, start, tail);
    }
    try {
      const text = frame.slice(start, tail);
      // one value: there is no other field
      return new WholePayload(frame, reviver, JSON.parse(text), text.trim());
    } catch {
      return undefined;
    }
  };
}
