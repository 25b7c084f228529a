import fc from 'fast-check';

/** A field as it is written: its name may be escaped. */
export interface Written {
  readonly name: string;
  readonly key: string;
  readonly value: string;
}

/** White space of JSON. */
export const space = fc.string({ unit: fc.constantFrom(' ', '\t', '\n', '\r'), maxLength: 2 });

/** Fields; the names of some have one of the characters up to `escapes` as its code. */
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

/** As an object, with the white space around the parts in turn. */
export function laidOut(fields: readonly Written[], gaps: readonly string[]): string {
  let gap = 0;
  const _ = () => gaps[(gap += 1) % gaps.length] ?? '';
  const members = fields.map(({ key, value: json }) => `${_()}${key}${_()}:${_()}${json}${_()}`);
  return `${_()}{${members.join(',')}}${_()}`;
}

/** As JSON; one character of some names as its code. */
function escaped(name: string, at: number): string {
  const unit = name.charCodeAt(at);
  if (Number.isNaN(unit)) return JSON.stringify(name);
  const code = `\\u${unit.toString(16).padStart(4, '0')}`;
  const [before, after] = [name.slice(0, at), name.slice(at + 1)].map((part) =>
    JSON.stringify(part).slice(1, -1),
  );
  return `"${before ?? ''}${code}${after ?? ''}"`;
}
