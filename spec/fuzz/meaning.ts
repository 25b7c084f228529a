/** A member of an object: its key, and its value as far as it is JSON. */
interface MemberRead {
  readonly key: string;
  readonly value: unknown;
}

/**
 * The members of an object one after the other, those that come twice included, until it ends or is no JSON any more; of what
 * is no object none. `JSON.parse` tells the last ones only, and of a broken text nothing.
 */
function readMembers(text: string): readonly MemberRead[] {
  const members: MemberRead[] = [];
  let at = skip(text, 0, /[ \t\n\r{]/);
  while (text[at] === '"') {
    const keyEnd = endOfString(text, at);
    const key = parse(text.slice(at, keyEnd));
    const colon = skip(text, keyEnd, /[ \t\n\r]/);
    if (text[colon] !== ':' || typeof key !== 'string') break;
    const end = endOfValue(text, colon + 1);
    members.push({ key, value: parse(text.slice(colon + 1, end)) });
    if (text[end] !== ',') break;
    at = skip(text, end + 1, /[ \t\n\r]/);
  }
  return members;
}

function skip(text: string, from: number, what: RegExp): number {
  let at = from;
  while (at < text.length && what.test(text.charAt(at))) at += 1;
  return at;
}

/** Behind the closing quote. */
function endOfString(text: string, from: number): number {
  for (let at = from + 1; at < text.length; at += 1) {
    if (text[at] === '\\') at += 1;
    else if (text[at] === '"') return at + 1;
  }
  return text.length;
}

/** The comma or brace behind a value. */
function endOfValue(text: string, from: number): number {
  let depth = 0;
  for (let at = from; at < text.length; at += 1) {
    const unit = text[at];
    if (unit === '"') at = endOfString(text, at) - 1;
    else if (unit === '{' || unit === '[') depth += 1;
    else if (unit === ',' && depth === 0) return at;
    else if (unit === '}' || unit === ']') {
      if (depth === 0) return at;
      depth -= 1;
    }
  }
  return text.length;
}

/**
 * What a frame means to a client, read without the client's help:
 * a message for an operation; `malformed`: the connection is to be ended; `tolerated`: nothing;
 * `ambiguous`: keys that come twice, or a result whose rest does not parse, where some of several things may happen.
 */
export interface Meaning {
  readonly kind: 'next' | 'error' | 'complete' | 'malformed' | 'tolerated' | 'ambiguous';
  /** The operations that it may be for. */
  readonly ids: readonly string[];
  /** What it may bring them. */
  readonly payloads: readonly unknown[];
}

const malformed: Meaning = { kind: 'malformed', ids: [], payloads: [] };
const tolerated: Meaning = { kind: 'tolerated', ids: [], payloads: [] };

/** The meaning on a connection that is acknowledged. */
export function meaningOf(data: string | ArrayBuffer | Uint8Array, subprotocol: string): Meaning {
  const text = typeof data === 'string' ? data : utf8(data);
  if (text === undefined) return malformed;
  const result = subprotocol === 'graphql-ws' ? 'data' : 'next';
  const members = readMembers(text);
  const valuesOf = (key: string) =>
    members.filter((member) => member.key === key).map(({ value }) => value);
  const [types, ids, payloads] = [valuesOf('type'), valuesOf('id'), valuesOf('payload')];
  const idTexts = ids.filter((id) => typeof id === 'string' || typeof id === 'number').map(String);
  const ambiguous: Meaning = { kind: 'ambiguous', ids: idTexts, payloads };
  const message = parse(text);
  if (message === undefined)
    return types.includes(result) && idTexts.length > 0 ? ambiguous : malformed;
  if (!isObject(message)) return malformed;
  if ([types, ids, payloads].some(({ length }) => length > 1)) return ambiguous;
  const [type] = types;
  if (typeof type !== 'string') return malformed;
  const hasId = idTexts.length > 0 && idTexts[0] !== '';
  if (type === result)
    return hasId ? { kind: 'next', ids: idTexts, payloads: [payloads[0] ?? null] } : malformed;
  if ((type === 'error' || type === 'complete') && hasId)
    return { kind: type, ids: idTexts, payloads };
  return tolerated;
}

/** Whether the value is a JSON object. */
export function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}

function utf8(bytes: ArrayBuffer | Uint8Array): string | undefined {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return undefined;
  }
}
