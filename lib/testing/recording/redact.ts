import { isObject, isText } from '../check.js';
import { isComposite } from '../is-equal.js';
import { parsed } from '../json.js';

export const redacted = '[redacted]';

const secretNames = [
  /authorization|passw(?:or)?d|pwd|passphrase|passcode|secret|credential|cookie|bearer|jwt/i,
  /(?:api|access|private)[-_]?key/i,
  /(?:tokens?|session(?:[-_]?id)?)$/i,
  /^(?:x?[-_]?auth|sid|pin|t?otp)$/i,
];

/** A value that is a credential under any name: of an `Authorization` header, or a JSON web token. */
const secretValue = /^(?:Bearer|Basic)\s|^eyJ[\w-]+\.[\w-]+\./i;

/** Removes credentials from the text of a message. @returns the same text if it has none; `[redacted]` if it is no JSON */
export function redactMessage(frame: string): string {
  try {
    const message = JSON.parse(frame) as { type?: unknown } | null;
    const isInit = message?.type === 'connection_init';
    const text = JSON.stringify(message, (name, value: unknown) =>
      isInit && name === 'payload' ? redacted : cleaned(name, value),
    );
    return text === JSON.stringify(message) ? frame : text;
  } catch {
    // no JSON, or too deep for stringify: the contents are unknown
    return redacted;
  }
}

function cleaned(name: string, value: unknown): unknown {
  if (isSecret(name)) return redacted;
  if (typeof value !== 'string') return value;
  if (secretValue.test(value)) return redacted;
  if (name === 'query') return redactDocument(value);
  return isComposite(parsed(value)) ? redactMessage(value) : value;
}

/** The members of an error that tell no more than where and which it is. */
const harmless = ['path', 'locations', 'code', 'errorType'];

/** Removes the texts of errors from a message of the server. @returns the same text if it has none; `[redacted]` if it is no JSON object */
export function redactErrors(frame: string): string {
  const message = parsed(frame);
  if (!isObject(message)) return redacted;
  const { type, payload } = message;
  const isError = type === 'error' || type === 'connection_error';
  const told = isError ? withoutTexts(payload) : withoutErrorTexts(payload);
  return told === payload ? frame : JSON.stringify({ ...message, payload: told });
}

function withoutErrorTexts(result: unknown): unknown {
  if (!isObject(result) || !('errors' in result || 'incremental' in result)) return result;
  const { errors, incremental } = result;
  const parts = Array.isArray(incremental) ? incremental.map(withoutErrorTexts) : incremental;
  return { ...result, errors: withoutTexts(errors), incremental: parts };
}

function withoutTexts(value: unknown): unknown {
  if (isText(value)) return redacted;
  if (Array.isArray(value)) return value.map(withoutTexts);
  if (!isObject(value)) return value;
  const told = (name: string, member: unknown) =>
    harmless.includes(name) ? member : withoutTexts(member);
  const members = Object.entries(value).map(([name, member]) => [name, told(name, member)]);
  return Object.fromEntries(members);
}

function isSecret(name: string): boolean {
  return secretNames.some((pattern) => pattern.test(name));
}

/** The name of an argument or a variable, and everything before its value or its default. Names have no value here. */
const head = /\b(\w+)\s*:\s*(?:[\w![\]]+\s*=\s*)?(?=["[{\d-])/g;

/** A piece of a value: text, a bracket, or anything between. It reads each character once, so that no document takes too long. */
const piece = /"""[^]*?(?:"""|$)|"(?:[^"\\\n]|\\.)*"?|[[{]|[\]}]|[^"[\]{}\s,):]+|[\s,):]+/y;

function redactDocument(document: string): string {
  let clean = '';
  let end = 0;
  for (const { 0: lead, 1: name, index } of document.matchAll(head)) {
    if (index < end || !isSecret(name as string)) continue;
    const start = index + lead.length;
    clean += `${document.slice(end, start)}"${redacted}"`;
    end = endOfValue(document, start);
  }
  return clean + document.slice(end);
}

function endOfValue(document: string, start: number): number {
  let depth = 0;
  let end = start;
  piece.lastIndex = start;
  for (let found = piece.exec(document); found; found = piece.exec(document)) {
    end = piece.lastIndex;
    if (/^[[{]/.test(found[0])) depth += 1;
    if (/^[\]}]/.test(found[0])) depth -= 1;
    if (depth <= 0) break;
  }
  return end;
}
