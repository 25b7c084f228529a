/** So much of a value is shown. */
const longest = 1_000;

/** A value on one line: a text as it is, so that a frame can be read, everything else as JSON as far as it goes. */
export function shown(value: unknown): string {
  const text = typeof value === 'string' ? `'${value}'` : written(value);
  const cut = text.length > longest ? `${text.slice(0, longest)}…` : text;
  // what would not be seen: a byte order mark, half of a surrogate pair
  return cut.replace(/[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}\u00a0]/gu, (character) => {
    const code = character.codePointAt(0) as number;
    return `<U+${code.toString(16).toUpperCase().padStart(4, '0')}>`;
  });
}

function written(value: unknown): string {
  if (typeof value === 'function') return 'a function';
  if (typeof value !== 'object' || value === null) return String(value);
  // an error of any realm
  const { stack, name, message } = value as Partial<Error>;
  if (stack !== undefined) return `${String(name)}: ${String(message)}`;
  const kind = Object.prototype.toString.call(value);
  if (kind !== '[object Object]' && kind !== '[object Array]') return kind;
  try {
    return JSON.stringify(value, (_key, inner: unknown) =>
      typeof inner === 'bigint' ? `${String(inner)}n` : inner,
    );
  } catch {
    return 'a value that JSON cannot hold';
  }
}
