import type { Payload } from '../types.js';

/** Whether more increments follow. Parsed only where the text may say so: data have fields of that name, too. */
export function isPartial(payload: Payload): boolean {
  try {
    return payload.text.includes('"hasNext"') && payload.decode().hasNext === true;
  } catch {
    return false;
  }
}
