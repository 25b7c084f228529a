import { readFileSync } from 'node:fs';
import { UsageError } from './usage-error.js';

/**
 * Splits `key:value` at the first colon.
 *
 * @throws UsageError - there is no key. The message does not repeat the text, because it may be secret.
 */
export function splitPair(option: string, text: string): readonly [string, string] {
  const colon = text.indexOf(':');
  const key = text.slice(0, colon).trim();
  if (colon > 0 && key) return [key, text.slice(colon + 1).trim()];
  throw new UsageError(`${option} wants key:value`);
}

/** Reads `key:value` pairs. A value that is JSON is that, any other is a text. */
export function parsePairs(option: string, texts: readonly string[]): Record<string, unknown> {
  const pairs = texts.map((text) => {
    const [key, value] = splitPair(option, text);
    return [key, exact(option, jsonOrText(value))] as const;
  });
  return Object.fromEntries(pairs);
}

/**
 * Reads an object: JSON, or `@file` with JSON in it.
 *
 * @throws UsageError - the file cannot be read, or it is no object
 */
export function parseObject(option: string, text: string): Record<string, unknown> {
  const json = text.startsWith('@') ? readNamed(option, text.slice(1)) : text;
  const value = exact(option, jsonOrText(json.replace(/^\uFEFF/, '')));
  if (typeof value === 'object' && value && !Array.isArray(value)) return { ...value };
  throw new UsageError(`${option} wants a JSON object, or @ and the name of a file with one`);
}

/** Reads a file that the command line names. @throws UsageError */
export function readNamed(option: string, file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    throw new UsageError(`${option}: cannot read ${file}: ${codeOf(error)}`);
  }
}

/** The short reason of an error of Node. */
export function codeOf(error: unknown): string {
  return String((error as NodeJS.ErrnoException).code);
}

function jsonOrText(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

/** Refuses a number whose last digits are lost, and JSON that is nested too deeply to be read. @throws UsageError */
function exact<T>(option: string, value: T, depth = 0): T {
  if (depth > 1_000) throw new UsageError(`${option}: JSON is nested more than 1000 times`);
  if (typeof value === 'number' && Math.abs(value) > Number.MAX_SAFE_INTEGER)
    throw new UsageError(
      `${option}: a number above 2^53 loses digits: write it as a text, in quotes`,
    );
  if (typeof value === 'object' && value)
    for (const each of Object.values(value)) exact(option, each, depth + 1);
  return value;
}
