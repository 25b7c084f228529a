/** The vocabulary of input validation: one form of message, whatever was wrong. */
import { ConfigurationError } from './errors.js';

/** "expected `ackTimeout` to be …, got `"5s"` (string)". A value that may hold a secret is named by its kind alone. */
export function expected(
  option: string,
  expectation: string,
  got: unknown,
  secret = false,
): ConfigurationError {
  const kind = kindOf(got);
  const shown =
    !secret && (typeof got === 'string' || typeof got === 'number' || typeof got === 'boolean');
  return new ConfigurationError(
    option,
    `expected \`${option}\` to be ${expectation}, got ${shown ? `\`${literal(got)}\` (${kind})` : kind}`,
  );
}

/** The error for a name in `given` that is not in `known`, with the nearest that is; undefined where all are known. */
export function unknownName(
  given: object,
  known: readonly string[],
  what: string,
): ConfigurationError | undefined {
  for (const name of Object.keys(given)) {
    if (known.includes(name)) continue;
    const nearest = [...known].sort((a, b) => distance(name, a) - distance(name, b))[0];
    return new ConfigurationError(
      name,
      `unknown ${what} \`${name}\`: the nearest known one is \`${String(nearest)}\``,
    );
  }
  return undefined;
}

export function kindOf(value: unknown): string {
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'array';
  if (typeof value === 'object' && typeof (value as { then?: unknown }).then === 'function') {
    return 'promise';
  }
  return typeof value;
}

function literal(value: string | number | boolean): string {
  const text = typeof value === 'string' ? JSON.stringify(value) : String(value);
  return text.length > 60 ? `${text.slice(0, 60)}…` : text;
}

/** Levenshtein, by rows. */
function distance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let i = 1; i <= a.length; i += 1) {
    const next = [i];
    for (let j = 1; j <= b.length; j += 1) {
      const substitution = (row[j - 1] as number) + (a[i - 1] === b[j - 1] ? 0 : 1);
      next.push(Math.min(substitution, (row[j] as number) + 1, (next[j - 1] as number) + 1));
    }
    row = next;
  }
  return row[b.length] as number;
}
