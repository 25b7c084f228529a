const redacted = '[redacted]';

/** Names whose value is taken for a credential. */
const name = [
  '[\\w-]*(?:authorization|passw(?:or)?d|pwd|passphrase|passcode|secret|credential|cookie|bearer|jwt)[\\w-]*',
  '[\\w-]*(?:api|access|private)[-_]?key[\\w-]*',
  '[\\w-]*(?:tokens?|session(?:[-_]?id)?)',
  'x?[-_]?auth|sid|pin|t?otp',
].join('|');
const secretName = new RegExp(`^(?:${name})$`, 'i');

/** A value that is a credential under whatever name: of an `Authorization` header, or a JSON web token. */
const secretValue = /^(?:Bearer|Basic)\s|^eyJ[\w-]+\.[\w-]+\./i;

/** A value in a document, but for names; lists and objects up to a depth. */
const text = '"""[^]*?"""|"(?!"")(?:[^"\\\\\\n]|\\\\.)*"';
const within = (inner: string) => `(?:[^"{}[\\]]|${inner})*`;
const around = (inner: string) => `${text}|\\[${within(inner)}\\]|\\{${within(inner)}\\}`;
const value = `-?\\d[\\w.+-]*|${around(around(around(around(text))))}`;
/** An argument, or a variable with its default. */
const secretArgument = new RegExp(
  `(?<![\\w-])((?:${name})\\s*:\\s*(?:[\\w![\\]]+\\s*=\\s*)?)(?:${value})`,
  'gi',
);

/**
 * A message without the credentials in it: the payload of `connection_init`, and the values under names that look like one.
 *
 * @param frame - its text
 * @returns the very text if nothing had to go; nothing of it if it cannot be read
 */
export function redactMessage(frame: string): string {
  let found = 0;
  const hide = (hidden: unknown) => {
    if (hidden !== redacted) found += 1;
    return redacted;
  };
  const clean = (key: string, held: unknown) => {
    if (secretName.test(key)) return hide(held);
    if (typeof held !== 'string') return held;
    if (secretValue.test(held)) return hide(held);
    if (key !== 'query') return held;
    return held.replace(secretArgument, (argument, lead: string) => `${lead}"${hide(argument)}"`);
  };
  try {
    const message = JSON.parse(frame) as { type?: unknown; payload?: unknown } | null;
    if (message?.type === 'connection_init' && message.payload !== undefined)
      message.payload = hide(message.payload);
    const cleaned = JSON.stringify(message, clean);
    return found > 0 ? cleaned : frame;
  } catch {
    // not JSON, or nested deeper than can be followed: what is in it is not known
    return redacted;
  }
}
