import { parsed } from './parsed.js';
import { isObject } from '../is-equal.js';

/** A change that a network, a proxy or a server with a bug may make to a frame: gives all frames that come of it. */
export type Change = (frame: string) => readonly string[];

/** What a character may turn into: nothing, or what JSON would read otherwise. */
const replacements = ['', ...Array.from('x1"\\,\0\ud800')];

/** What may come between: white space that is none of JSON's, and JSON's own characters. */
const insertions = Array.from('\u00a0\ufeff\u2028\v\f{}"');

const values: readonly unknown[] = [
  ...[null, true, false, 0, 1, -1, 1.5, '', ' ', 'x', '__proto__', 'constructor', 'toString'],
  ...[[], [null], [[]], ['x'], [{}]],
  ...[{}, { a: 1 }, { message: 1 }, { errors: 'x' }, { errors: [null] }, { length: -1 }],
  // what String() and a careless merge cannot stand
  { toString: null, valueOf: null },
  { constructor: { prototype: { polluted: 1 } } },
  parsed('{"__proto__":{"type":"next","id":"1","data":1,"message":"m"}}'),
];

export const cutOff: Change = (frame) =>
  Array.from(frame.slice(1), (_, end) => frame.slice(0, end + 1));

export const slipped: Change = (frame) =>
  Array.from({ length: frame.length + 1 }).flatMap((_, at) => [
    ...replacements.map((text) => frame.slice(0, at) + text + frame.slice(at + 1)),
    ...insertions.map((text) => frame.slice(0, at) + text + frame.slice(at)),
  ]);

/** Any value of the JSON replaced or left out; none of a frame that is no JSON. */
export const replaced: Change = (frame) => {
  const json = parsed(frame);
  return json === undefined ? [] : variantsOf(json, 3).map((variant) => JSON.stringify(variant));
};

/** Every field a second time, with another value, before or after its own; none of a frame that is no object. */
export const doubled: Change = (frame) => {
  const json = parsed(frame);
  if (!isObject(json) || Array.isArray(json)) return [];
  return Object.keys(json).flatMap((name) =>
    values.flatMap((value) => {
      const field = `${JSON.stringify(name)}:${JSON.stringify(value)}`;
      const own = JSON.stringify(json).slice(1, -1);
      return [`{${field},${own}}`, `{${own},${field}}`];
    }),
  );
};

function variantsOf(value: unknown, depth: number): readonly unknown[] {
  if (!isObject(value) || depth === 0) return values;
  const changed = Object.keys(value).flatMap((key) => {
    const { [key]: child, ...rest } = value;
    return [rest, ...variantsOf(child, depth - 1).map((variant) => ({ ...value, [key]: variant }))];
  });
  return [
    ...values,
    ...(Array.isArray(value) ? changed.map((list) => Object.values(list)) : changed),
  ];
}
