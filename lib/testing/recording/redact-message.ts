import { redactDocument } from './redact-document.js';

const redacted = '[redacted]';

/** Names whose value is taken for a credential. */
const secretNames = [
  /authorization|passw(?:or)?d|pwd|passphrase|passcode|secret|credential|cookie|bearer|jwt/i,
  /(?:api|access|private)[-_]?key/i,
  /(?:tokens?|session(?:[-_]?id)?)$/i,
  /^(?:x?[-_]?auth|sid|pin|t?otp)$/i,
];

/** A value that is a credential under whatever name: of an `Authorization` header, or a JSON web token. */
const secretValue = /^(?:Bearer|Basic)\s|^eyJ[\w-]+\.[\w-]+\./i;

/**
 * A message without the credentials in it: the payload of `connection_init`, and the values under names that look like one.
 *
 * @param frame - its text
 * @returns the very text if nothing had to go; nothing of it if it cannot be read
 */
export function redactMessage(frame: string): string {
  try {
    const message = JSON.parse(frame) as { type?: unknown } | null;
    const isInit = message?.type === 'connection_init';
    const text = JSON.stringify(message, (name, value: unknown) =>
      isInit && name === 'payload' ? redacted : cleaned(name, value),
    );
    return text === JSON.stringify(message) ? frame : text;
  } catch {
    // not JSON, or nested deeper than can be followed: what is in it is not known
    return redacted;
  }
}

function cleaned(name: string, value: unknown): unknown {
  if (isSecret(name)) return redacted;
  if (typeof value !== 'string') return value;
  if (secretValue.test(value)) return redacted;
  return name === 'query' ? redactDocument(value, isSecret, `"${redacted}"`) : value;
}

function isSecret(name: string): boolean {
  return secretNames.some((pattern) => pattern.test(name));
}
