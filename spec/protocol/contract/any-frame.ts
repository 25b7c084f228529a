import fc from 'fast-check';
import type { Written } from './written.js';
import { laidOut, space, written } from './written.js';

/** A frame, and the text of its payload; `undefined` for a frame without one. */
export interface AnyFrame {
  readonly frame: string;
  readonly payload: string | undefined;
}

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
/** Parts of the payload that look like parts of the frame. */
const decoy = fc.constantFrom(
  { id: '9', type: 'complete', payload: { data: 9 } },
  { a: {}, payload: {} },
  '","payload":{"data":9}}',
  '}},"id":"9"}',
  { a: '},"type":"next"}', 'any type': {} },
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
  .oneof(
    fc.string(),
    fc.constantFrom('seq', 'subtype', 'extensions', 'then', '__proto__', 'constructor', ''),
  )
  .filter((name) => !['type', 'id', 'payload'].includes(name));

/** Orders of the fields. The asterisk stands for all other fields, in their own order. */
const orders: string[][] = [
  ['type', 'id', 'payload', '*'],
  ['id', 'type', 'payload', '*'],
  ['id', 'payload', '*', 'type'],
  ['*', 'id', 'payload', 'type'],
  ['*'],
];

/** Frames of JSON: in any order, with any white space, escaped names, and further fields. */
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
  const more = fc.array(written(spareName, value), { maxLength: 3 });
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
  // some servers sort the fields by name
  const between = written(spareName, value);
  const sortedFields = fc
    .tuple(
      written(fc.constant('id'), fc.constantFrom('1', 'a}')),
      known.payload,
      fc.array(between, { maxLength: 2 }),
      written(fc.constant('type'), fc.constantFrom(...types.slice(0, 1))),
    )
    .map(([first, second, some, last]) => [first, second, ...some, last]);
  const spaces = fc.oneof(fc.constant(['']), fc.array(space, { minLength: 7, maxLength: 7 }));
  return fc
    .tuple(
      fc.oneof(
        { weight: 3, arbitrary: fc.tuple(fields, fc.constantFrom(...orders)) },
        fc.tuple(sortedFields, fc.constant<string[]>(['*'])),
      ),
      spaces,
      fc.constantFrom('', ' ', '\n'),
    )
    .map(([[all, order], gaps, end]) => {
      const rank = ({ name }: Written) => order.indexOf(order.includes(name) ? name : '*');
      const sorted = [...all].sort((a, b) => rank(a) - rank(b));
      return {
        frame: laidOut(sorted, gaps) + end,
        payload: sorted.find(({ name }) => name === 'payload')?.value,
      };
    });
}
