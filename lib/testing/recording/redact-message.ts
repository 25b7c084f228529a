const redacted = '[redacted]';

/** Names, in lower case and without `-` and `_`, whose value is taken for a credential. */
const secretName =
  /authorization|passw(?:or)?d|pwd|passphrase|passcode|secret|token|apikey|accesskey|privatekey|credential|cookie|bearer|jwt|session(?:id)?$|^x?auth$|^(?:sid|pin|otp|totp)$/;

/** A value that is a credential under whatever name: of an `Authorization` header, or a JSON web token. */
const secretValue = /^(?:Bearer|Basic)\s|^eyJ[\w-]+\.[\w-]+\./i;

/** An argument or the default of a variable in a document: the name, what leads to the value, the value. */
const literal =
  /\b(\w+)(\s*:\s*(?:[\w![\]]+\s*=\s*)?)("""[\s\S]*?"""|"(?:[^"\\\n]|\\.)*"|\[[^\]]*\]|\{[^{}]*\})/g;

/**
 * A message without the credentials in it: the payload of `connection_init`, and the values under names that look like one.
 *
 * @param text - of the frame
 * @returns the very text if nothing had to go; nothing of it if it cannot be read
 */
export function redactMessage(text: string): string {
  const hidden: unknown[] = [];
  const hide = (value: unknown) => {
    if (value !== redacted) hidden.push(value);
    return redacted;
  };
  const clean = (name: string, value: unknown) => {
    if (isSecret(name)) return hide(value);
    if (typeof value !== 'string') return value;
    if (secretValue.test(value)) return hide(value);
    if (name !== 'query') return value;
    return value.replace(literal, (whole, argument: string, lead: string, given: string) =>
      isSecret(argument) ? `${argument}${lead}"${hide(given)}"` : whole,
    );
  };
  try {
    const message = JSON.parse(text) as { type?: unknown; payload?: unknown } | null;
    if (message?.type === 'connection_init' && message.payload !== undefined)
      message.payload = hide(message.payload);
    const cleaned = JSON.stringify(message, clean);
    return hidden.length > 0 ? cleaned : text;
  } catch {
    // not JSON, or nested deeper than can be followed: what is in it is not known
    return redacted;
  }
}

function isSecret(name: string): boolean {
  return secretName.test(name.replace(/[-_]/g, '').toLowerCase());
}
