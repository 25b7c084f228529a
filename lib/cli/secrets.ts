import { readNamed } from './key-value.js';
import { UsageError } from './usage-error.js';

const placeholder = /\{token\}/g;
/** A shorter secret would be taken for many a word of a message. */
const shortest = { token: 4, other: 8, onStandardOutput: 16 };

/** The texts that must not be printed, and the way to put the token in the place of `{token}`. */
export interface Secrets {
  /** Whether another dial may get another token. */
  readonly isFromFile: boolean;
  /** Puts the token in the place of `{token}`, in texts, lists and objects. */
  fill<T>(value: T, encode?: (token: string) => string): T;
  /** Remembers texts that messages must not show. */
  hide(...texts: readonly string[]): void;
  /** Replaces all secrets in a text. */
  scrub(text: string): string;
  /** Replaces tokens that are long enough to be no word of the data. */
  scrubData(text: string): string;
}

/** Whether there is a `{token}` in a text, a list or an object. */
export function hasPlaceholder(value: unknown): boolean {
  return JSON.stringify(value).includes('{token}');
}

/**
 * Takes the token from a file, or else from the environment. The file is read for each dial, because its token may have been renewed.
 *
 * @throws UsageError - the file cannot be read, or has no token
 */
export function createSecrets(
  file: string | undefined,
  fromEnvironment: string | undefined,
): Secrets {
  const hidden = new Set<string>();
  const ofData = new Set<string>();
  const hide = (text: string, least: number, texts = hidden) => {
    const inJson = JSON.stringify(text).slice(1, -1);
    const inBase64 = Buffer.from(text).toString('base64');
    const forms = [
      ...[text, inJson, JSON.stringify(inJson).slice(1, -1), encodeURIComponent(text)],
      ...[inBase64, inBase64.replace(/=+$/, '')],
    ];
    for (const form of forms) if (text.length >= least) texts.add(form);
  };
  const token = () => {
    const text = file === undefined ? fromEnvironment : readNamed('--token-file', file);
    const found = text?.trim();
    if (!found)
      throw new UsageError(
        file === undefined
          ? '{token} has no value: give --token-file, or set RXGQL_TOKEN'
          : `--token-file: ${file} is empty`,
      );
    // the library may have redacted a part of it already
    for (const part of [found, ...found.split(/[^\w-]+/)]) hide(part, shortest.token);
    hide(found, shortest.onStandardOutput, ofData);
    return found;
  };
  const fill = (value: unknown, encode: (token: string) => string): unknown => {
    if (typeof value === 'string') return value.replace(placeholder, () => encode(token()));
    if (Array.isArray(value)) return value.map((each) => fill(each, encode));
    if (typeof value !== 'object' || !value) return value;
    const entries = Object.entries(value).map(([name, each]) => [name, fill(each, encode)]);
    return Object.fromEntries(entries) as unknown;
  };
  const replace = (text: string, texts: ReadonlySet<string>) => {
    let clean = text;
    // the longest first, because one may be a part of another
    const secrets = [...texts].sort((a, b) => b.length - a.length);
    for (const secret of secrets) clean = clean.replaceAll(secret, '[redacted]');
    return clean;
  };
  return {
    isFromFile: file !== undefined,
    fill: (value, encode = String) => fill(value, encode) as typeof value,
    hide(...texts) {
      for (const text of texts) hide(text, shortest.other);
    },
    scrub: (text) => replace(text, hidden),
    scrubData: (text) => replace(text, ofData),
  };
}
