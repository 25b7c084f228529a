/** At most this many characters of a value are shown. */
const longest = 200;

/** A value as text, on one line: errors by name and message, everything else as JSON as far as it goes. */
export function show(value: unknown): string {
  const text = write(value);
  return text.length > longest ? `${text.slice(0, longest)}…` : text;
}

function write(value: unknown): string {
  if (value instanceof Error) return `${value.name}: ${value.message}`;
  // eslint-disable-next-line @typescript-eslint/no-base-to-string -- no object
  if (typeof value !== 'object' && typeof value !== 'string') return String(value);
  try {
    return JSON.stringify(value);
  } catch {
    // a cycle, a bigint, or deeper than stringify can follow
    return Object.prototype.toString.call(value);
  }
}
