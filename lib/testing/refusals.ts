import { isText } from './check.js';

/** The name of a header, and a character that no value of one may have: RFC 9110, sections 5.1 and 5.5. Node refuses the same. */
export const fieldName = /^[\w!#$%&'*+.^`|~-]+$/;
export const outsideFieldValue = /[^\t\x20-\x7e\x80-\xff]/;

/**
 * Reads the bytes that a frame may have, 0 for any number, from the third argument of a WebSocket constructor as `ws` does.
 * @throws TypeError - a header is none of HTTP. Its `code` is Node's; the message has the name of the header, and not its value
 */
export function readWsOptions(options: unknown): number {
  const { headers, maxPayload = 0 } = Object(options) as {
    readonly headers?: unknown;
    readonly maxPayload?: number;
  };
  for (const [name, value] of Object.entries(Object(headers) as object)) {
    if (!fieldName.test(name)) throw refused('ERR_INVALID_HTTP_TOKEN', `name "${name}"`);
    if (value === undefined) throw refused('ERR_HTTP_INVALID_HEADER_VALUE', `value of "${name}"`);
    if ([value].flat().some((line) => outsideFieldValue.test(String(line))))
      throw refused('ERR_INVALID_CHAR', `character in the header "${name}"`);
  }
  return maxPayload;
}

function refused(code: string, what: string): TypeError {
  return Object.assign(new TypeError(`invalid ${what}`), { code });
}

/** The error with which `ws` refuses a server's choice. Browsers refuse the same: WHATWG WebSockets, section 2. */
export function subprotocolRefusal(offered: readonly string[], chosen: string): Error | undefined {
  if (chosen === '')
    return offered.length > 0 ? new Error('Server sent no subprotocol') : undefined;
  if (offered.includes(chosen)) return undefined;
  const none = 'Server sent a subprotocol but none was requested';
  return new Error(offered.length > 0 ? 'Server sent an invalid subprotocol' : none);
}

export function tooLong(data: unknown, maxPayload: number): Error | undefined {
  if (maxPayload === 0 || byteLength(data, maxPayload) <= maxPayload) return undefined;
  const error = new RangeError('Max payload size exceeded');
  return Object.assign(error, { code: 'WS_ERR_UNSUPPORTED_MESSAGE_LENGTH' });
}

/** @param limit - a text that is surely within this is not counted */
function byteLength(data: unknown, limit: number): number {
  if (isText(data)) return data.length * 3 <= limit ? data.length : utf8Length(data);
  const { byteLength: bytes, size = 0 } = Object(data) as { byteLength?: number; size?: number };
  return bytes ?? size;
}

/** Counts the bytes of a text. A test environment may have neither TextEncoder nor Blob (Jest's jsdom, a bare VM context). */
function utf8Length(text: string): number {
  let bytes = 0;
  for (const character of text) {
    const point = character.codePointAt(0) as number;
    bytes += point < 0x80 ? 1 : point < 0x800 ? 2 : point < 0x1_0000 ? 3 : 4;
  }
  return bytes;
}

/** Checks the arguments of a client's `close()` as browsers do: RFC 6455, sections 5.5.1 and 7.4.2. */
export function checkClose(code: number | undefined, reason: string): void {
  const legal = code === undefined || code === 1000 || (code >= 3000 && code <= 4999);
  if (!legal) throw new RangeError(`close code ${code}: a client may give 1000 or 3000 to 4999`);
  if (utf8Length(reason) > 123) throw new RangeError('close reason of more than 123 bytes');
}
