const longest = 200;

/** A value as one line of text for messages: as JSON, or in words where JSON would lose a difference. */
export function show(value: unknown): string {
  const text = write(value);
  return text.length > longest ? `${text.slice(0, longest)}…` : text;
}

function write(value: unknown): string {
  if (value instanceof Error) {
    const members = Object.entries(value);
    const more = members.length > 0 ? ` ${write(Object.fromEntries(members))}` : '';
    return `${value.name}: ${value.message}${more}`;
  }
  try {
    return withoutJson(value) ?? JSON.stringify(value, (_key, inner: unknown) => revealed(inner));
  } catch {
    // a cycle, or an object that is too deep for stringify
    return Object.prototype.toString.call(value);
  }
}

/** The text of a value that JSON cannot hold, or would confuse with another. An asymmetric matcher of Jest or Vitest has its own. */
function withoutJson(value: unknown): string | undefined {
  if (Object.is(value, -0)) return '-0';
  if (typeof value === 'bigint') return `${value}n`;
  const matcher = Object(value) as { toAsymmetricMatcher?(): string };
  if (matcher.toAsymmetricMatcher) return matcher.toAsymmetricMatcher();
  const hasJson = ['object', 'string', 'boolean'].includes(typeof value) || Number.isFinite(value);
  return hasJson ? undefined : String(value);
}

function revealed(value: unknown): unknown {
  const told = withoutJson(value);
  if (told !== undefined) return told;
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
  return value instanceof Error ? write(value) : withClass(value);
}

/** An object of a class under the name of the class, because JSON would lose it. */
function withClass(value: object): object {
  const prototype = Object.getPrototypeOf(value) as object | null;
  if (prototype === Object.prototype) return value;
  return { [prototype?.constructor.name ?? 'no prototype']: contentOf(value) };
}

function contentOf(value: object): unknown {
  if (value instanceof Map || value instanceof Set) return [...(value as Iterable<unknown>)];
  return value instanceof RegExp ? String(value) : { ...value };
}
