import { must, text, type Check } from './check.js';

const mostBytes = 123;

/**
 * Checks what a close frame is to carry.
 *
 * @param code - `undefined` for none
 * @param reason - `undefined` for none
 * @param option - the name of the code
 * @throws TypeError when a close frame may not have that code, or the reason is longer than 123 bytes, or without a code
 */
export function expectClose(code: unknown, reason: unknown, option = 'code'): void {
  if (code !== undefined) expectCloseCode(option, code);
  else if (reason !== undefined)
    throw new TypeError(`expected \`${option}\` to be given with a \`reason\``);
  if (reason !== undefined) expectReason('reason', reason);
}

/** Whether a close frame may carry the code: RFC 6455, section 7.4. */
export function isCloseCode(code: unknown): boolean {
  if (!Number.isInteger(code)) return false;
  const number = code as number;
  const registered = number >= 1000 && number <= 1014 && ![1004, 1005, 1006].includes(number);
  return registered || (number >= 3000 && number <= 4999);
}

/** The code of a close frame. */
const expectCloseCode = must('a close code: 1000–1003, 1007–1014 or 3000–4999', isCloseCode);

/** The reason of a close frame. */
export const expectReason: Check = (option, value) => {
  text(option, value);
  const bytes = Buffer.byteLength(value as string);
  if (bytes > mostBytes)
    throw new TypeError(`expected \`${option}\` to have at most ${mostBytes} bytes, got ${bytes}`);
};
