import { readMembers } from './read-members.js';

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
