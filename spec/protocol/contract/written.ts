import fc from 'fast-check';

/** The text of a field. The key may have an escape. */
export interface Written {
  readonly name: string;
  readonly key: string;
  readonly value: string;
}

/** White space of JSON. */
export const space = fc.string({ unit: fc.constantFrom(' ', '\t', '\n', '\r'), maxLength: 2 });

/** Fields; some have an escape among the first `escapes` characters of their name. */
export const written = (
  name: fc.Arbitrary<string>,
  of: fc.Arbitrary<unknown>,
  escapes = 20,
): fc.Arbitrary<Written> =>
  fc.tuple(name, of, space, fc.nat(escapes)).map(([plain, each, indent, at]) => ({
    name: plain,
    key: escaped(plain, at),
    value: JSON.stringify(each, undefined, indent),
  }));

/** Writes an object, with the gaps in turn around its parts. */
export function laidOut(fields: readonly Written[], gaps: readonly string[]): string {
  let gap = 0;
  const _ = () => gaps[(gap += 1) % gaps.length] ?? '';
  const members = fields.map(({ key, value: json }) => `${_()}${key}${_()}:${_()}${json}${_()}`);
  return `${_()}{${members.join(',')}}${_()}`;
}

/** Writes a name as JSON, with an escape for one character. */
function escaped(name: string, at: number): string {
  const unit = name.charCodeAt(at);
  if (Number.isNaN(unit)) return JSON.stringify(name);
  const code = `\\u${unit.toString(16).padStart(4, '0')}`;
  const [before, after] = [name.slice(0, at), name.slice(at + 1)].map((part) =>
    JSON.stringify(part).slice(1, -1),
  );
  return `"${before ?? ''}${code}${after ?? ''}"`;
}
