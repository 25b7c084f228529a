import { must, text } from './check.js';

const maxReasonBytes = 123;

/**
 * Checks the code and the reason of a close frame.
 *
 * @throws TypeError when RFC 6455 does not allow the code, or the reason has more than 123 bytes or no code
 */
export function checkClose(code: unknown, reason: unknown): void {
  if (code !== undefined) closeCode('code', code);
  else if (reason !== undefined) throw new TypeError('expected `code` to be given with a `reason`');
  checkReason(reason);
}

/** Checks the reason of a close frame, which may be absent. */
export function checkReason(reason: unknown): void {
  if (reason === undefined) return;
  text('reason', reason);
  const bytes = Buffer.byteLength(reason as string);
  if (bytes > maxReasonBytes)
    throw new TypeError(
      `expected \`reason\` to have at most ${maxReasonBytes} bytes, got ${bytes}`,
    );
}

/** Whether a close frame may carry the code: RFC 6455, section 7.4. */
export function isCloseCode(code: unknown): boolean {
  if (!Number.isInteger(code)) return false;
  const number = code as number;
  const registered = number >= 1000 && number <= 1014 && ![1004, 1005, 1006].includes(number);
  return registered || (number >= 3000 && number <= 4999);
}

const closeCode = must('a close code: 1000–1003, 1007–1014 or 3000–4999', isCloseCode);
