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
  const [ofMessages, ofData] = [createRedactor(), createRedactor()];
  const token = () => {
    const found = readToken(file, fromEnvironment);
    // the library may have redacted a part of it already
    for (const part of [found, ...found.split(/[^\w-]+/)]) ofMessages.hide(part, shortest.token);
    ofData.hide(found, shortest.onStandardOutput);
    return found;
  };
  return {
    isFromFile: file !== undefined,
    fill: (value, encode = String) =>
      mapTexts(value, (text) => text.replace(placeholder, () => encode(token()))) as typeof value,
    hide(...texts) {
      for (const text of texts) ofMessages.hide(text, shortest.other);
    },
    scrub: ofMessages.scrub,
    scrubData: ofData.scrub,
  };
}

function readToken(file: string | undefined, fromEnvironment: string | undefined): string {
  const text = file === undefined ? fromEnvironment : readNamed('--token-file', file);
  const found = text?.trim();
  if (found) return found;
  throw new UsageError(
    file === undefined
      ? '{token} has no value: give --token-file, or set RXGQL_TOKEN'
      : `--token-file: ${file} is empty`,
  );
}

/** Changes the texts in a text, a list or an object. */
function mapTexts(value: unknown, change: (text: string) => string): unknown {
  if (typeof value === 'string') return change(value);
  if (Array.isArray(value)) return value.map((each) => mapTexts(each, change));
  if (typeof value !== 'object' || !value) return value;
  const entries = Object.entries(value).map(([name, each]) => [name, mapTexts(each, change)]);
  return Object.fromEntries(entries) as unknown;
}

/** Remembers texts, and removes them from others. */
function createRedactor() {
  const hidden = new Set<string>();
  return {
    hide(text: string, least: number) {
      if (text.length >= least) for (const form of formsOf(text)) hidden.add(form);
    },
    scrub(text: string): string {
      let clean = text;
      // the longest first, because one may be a part of another
      const secrets = [...hidden].sort((a, b) => b.length - a.length);
      for (const secret of secrets) clean = clean.replaceAll(secret, '[redacted]');
      return clean;
    },
  };
}

/** A text as it is, and as JSON, JSON in JSON, URLs and base64 have it. */
function formsOf(text: string): readonly string[] {
  const inJson = JSON.stringify(text).slice(1, -1);
  const inBase64 = Buffer.from(text).toString('base64');
  return [
    ...[text, inJson, JSON.stringify(inJson).slice(1, -1), encodeURIComponent(text)],
    ...[inBase64, inBase64.replace(/=+$/, '')],
  ];
}
