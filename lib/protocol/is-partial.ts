import type { Payload } from '../types.js';
import { FramePayload } from './payload.js';
import { WholePayload } from './whole-payload.js';

const mark = '"hasNext"';

/** Whether more increments follow. Parsed only where the text may say so: data have fields of that name, too. */
export function isPartial(payload: Payload): boolean {
  try {
    // where the text ends need not be known
    const marked =
      payload instanceof FramePayload || payload instanceof WholePayload
        ? payload.mayContain(mark)
        : payload.text.includes(mark);
    return marked && payload.decode().hasNext === true;
  } catch {
    return false;
  }
}
