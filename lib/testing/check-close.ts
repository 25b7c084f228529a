import { utf8Length } from './utf8-length.js';

/**
 * Checks what a client closes with, as browsers do: RFC 6455, sections 5.5.1 and 7.4.2.
 *
 * @throws RangeError - a code that is none of a client's, or a reason that is too long
 */
export function checkClose(code: number | undefined, reason: string): void {
  const legal = code === undefined || code === 1000 || (code >= 3000 && code <= 4999);
  if (!legal) throw new RangeError(`close code ${code}: a client may give 1000 or 3000 to 4999`);
  if (utf8Length(reason) > 123) throw new RangeError('close reason of more than 123 bytes');
}
