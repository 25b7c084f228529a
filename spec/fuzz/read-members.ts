/** A member of an object: its key, and its value as far as it is JSON. */
export interface MemberRead {
  readonly key: string;
  readonly value: unknown;
}

/**
 * The members of an object one after the other, those that come twice included, until it ends or is no JSON any more; of what
 * is no object none. `JSON.parse` tells the last ones only, and of a broken text nothing.
 */
export function readMembers(text: string): readonly MemberRead[] {
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

function parse(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
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
