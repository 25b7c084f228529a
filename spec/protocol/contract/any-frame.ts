import fc from 'fast-check';

/** A field as it is written: its name may be escaped. */
interface Written {
  readonly name: string;
  readonly key: string;
  readonly value: string;
}

/** A frame, and how it writes the payload that counts; undefined where there is none. */
export interface AnyFrame {
  readonly frame: string;
  readonly payload: string | undefined;
}

const space = fc.string({ unit: fc.constantFrom(' ', '\t', '\n', '\r'), maxLength: 2 });
const text = fc.string({
  unit: fc.constantFrom('a', '1', '"', '\\', '{', '}', ':', ',', 'é', '😀', '\n', '\ud800'),
});
const id = fc.oneof(
  { weight: 3, arbitrary: fc.constantFrom('1', '2', 'a}') },
  { weight: 2, arbitrary: text },
  { weight: 2, arbitrary: fc.constant('') },
  fc.uuid(),
  fc.nat(),
  fc.constantFrom<unknown[]>(null, '__proto__', {}, [], true, 1.5, 'ı', '\u0085'),
);
/** What looks like a part of the frame, but is of the payload. */
const decoy = fc.constantFrom(
  { id: '9', type: 'complete', payload: { data: 9 } },
  { a: {}, payload: {} },
  '","payload":{"data":9}}',
  '}},"id":"9"}',
);
const value = fc.oneof(
  fc.jsonValue({ maxDepth: 2 }),
  decoy,
  fc.constant({ a: { b: [{}] }, c: {} }),
);
const payload = fc.oneof(
  { weight: 3, arbitrary: fc.record({ data: value }) },
  fc.record({ data: value, errors: fc.constant([{ message: '}' }]), extensions: value }),
  fc.jsonValue(),
  decoy,
);
const spareName = fc
  .oneof(fc.string(), fc.constantFrom('seq', 'extensions', 'then', '__proto__', 'constructor', ''))
  .filter((name) => !['type', 'id', 'payload'].includes(name));

/** Of fields; those not named come last, as they are. */
const orders: string[][] = [['type', 'id', 'payload'], ['id', 'type', 'payload'], []];

const written = (name: fc.Arbitrary<string>, of: fc.Arbitrary<unknown>): fc.Arbitrary<Written> =>
  fc.tuple(name, of, space, fc.nat(20)).map(([plain, each, indent, at]) => ({
    name: plain,
    key: escaped(plain, at),
    value: JSON.stringify(each, undefined, indent),
  }));

/** Frames of JSON: in any order, with any white space, names that are escaped, fields that come twice, and further ones. */
export function anyFrame(types: readonly string[]): fc.Arbitrary<AnyFrame> {
  const type = fc.oneof(
    { weight: 9, arbitrary: fc.constantFrom(...types) },
    fc.constantFrom<unknown[]>(null, 1, ['x'], '', '__proto__', 'toString'),
  );
  const known = {
    type: written(fc.constant('type'), type),
    id: written(fc.constant('id'), id),
    payload: written(fc.constant('payload'), payload),
  };
  const more = fc.array(
    fc.oneof(
      { weight: 3, arbitrary: written(spareName, value) },
      known.type,
      known.id,
      known.payload,
    ),
    { maxLength: 3 },
  );
  const fields = fc
    .tuple(
      fc.oneof(
        { weight: 6, arbitrary: fc.tuple(known.type, known.id, known.payload) },
        fc.tuple(known.type, known.id),
        fc.tuple(known.type),
      ),
      fc.oneof({ weight: 2, arbitrary: fc.constant([]) }, more),
    )
    .chain(([usual, unusual]) => {
      const all = [...usual, ...unusual];
      return fc.oneof(
        fc.nat(3).map((at) => [...usual.slice(0, at), ...unusual, ...usual.slice(at)]),
        fc.shuffledSubarray(all, { minLength: all.length }),
      );
    });
  const spaces = fc.oneof(fc.constant(['']), fc.array(space, { minLength: 7, maxLength: 7 }));
  return fc
    .tuple(fields, fc.constantFrom(...orders), spaces, fc.constantFrom('', ' ', '\n'))
    .map(([all, order, gaps, end]) => {
      const rank = ({ name }: Written) => (order.indexOf(name) + 4) % 4;
      const sorted = [...all].sort((a, b) => rank(a) - rank(b));
      return {
        frame: laidOut(sorted, gaps) + end,
        payload: sorted.find(({ name }) => name === 'payload')?.value,
      };
    });
}

function laidOut(fields: readonly Written[], gaps: readonly string[]): string {
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
