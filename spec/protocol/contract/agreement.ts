import { expect } from 'chai';
import fc from 'fast-check';
import { describe, it } from 'mocha';
import { ProtocolError } from '../../../lib/errors.js';
import { executionErrors } from '../../../lib/protocol/execution-errors.js';
import type { Dialect } from './dialect.js';

interface Wire {
  readonly type?: unknown;
  readonly id?: unknown;
  readonly payload?: unknown;
}

const space = fc.string({ unit: fc.constantFrom(' ', '\t', '\n', '\r'), maxLength: 2 });
const text = fc.string({
  unit: fc.constantFrom('a', '1', '"', '\\', '{', '}', ':', ',', 'é', '\n'),
});
const spare = fc.dictionary(
  fc.string().filter((name) => !['type', 'id', 'payload', '__proto__'].includes(name)),
  fc.jsonValue({ maxDepth: 1 }),
  { maxKeys: 2 },
);

/** Of fields; those not named come last, as they are. */
const orders: string[][] = [['type', 'id', 'payload'], ['id', 'type', 'payload'], []];

/** Whatever a server writes, lazily read it is what a whole parse would have it. */
export function agreesWithJson({ create, says, next, error, complete }: Dialect): void {
  const codec = create();
  const types = [next, next, next, error, complete, ...says.map(([wire]) => wire), 'nonsense'];
  const payload = fc.oneof(
    fc.record({ data: fc.jsonValue() }),
    fc.record({ data: fc.jsonValue(), errors: fc.constant([{ message: '}' }]) }),
    fc.jsonValue(),
  );
  const id = fc.oneof(fc.constant('1'), text, fc.nat(), fc.constantFrom(null, '__proto__'));
  const fields = fc
    .record(
      { type: fc.constantFrom(...types), id, payload, spare },
      { requiredKeys: ['type', 'spare'] },
    )
    .chain(({ spare: more, ...wire }) => {
      const entries = Object.entries({ ...wire, ...more });
      return fc.shuffledSubarray(entries, { minLength: entries.length });
    });
  const frames = fc
    .tuple(fields, fc.constantFrom(...orders), fc.array(space, { minLength: 7, maxLength: 7 }))
    .map(([entries, order, spaces]) => {
      const rank = (name: string) => (order.indexOf(name) + 4) % 4;
      const sorted = [...entries].sort(([a], [b]) => rank(a) - rank(b));
      let gap = 0;
      const _ = () => spaces[(gap += 1) % spaces.length] ?? '';
      const written = sorted.map(
        ([name, value]) =>
          `${_()}${JSON.stringify(name)}${_()}:${_()}${JSON.stringify(value, undefined, _())}${_()}`,
      );
      return `${_()}{${written.join(',')}}${_()}`;
    });

  const lazily = (frame: string) => {
    const message = codec.decode(frame);
    return message.type === 'next' ? { ...message, payload: message.payload.decode() } : message;
  };
  const wholly = (frame: string) => {
    const wire = (JSON.parse(frame) ?? {}) as Wire;
    if (typeof wire !== 'object') throw new ProtocolError('', frame);
    const { type, id } = wire;
    const payload = 'payload' in wire ? { payload: wire.payload } : {};
    const known = typeof id === 'number' || (typeof id === 'string' && id !== '');
    const meaning = says.find(([name]) => name === type)?.[1];
    if (typeof type !== 'string' || (type === next && !(known && isResult(wire.payload)))) {
      throw new ProtocolError('', frame);
    }
    if (type === next) return { type: 'next', id: String(id), ...payload };
    if (type === error && known)
      return { type: 'error', id: String(id), errors: executionErrors(wire.payload) };
    if (type === complete && known) return { type: 'complete', id: String(id) };
    return meaning ? { type: meaning, ...payload } : { type: 'unknown', frame };
  };
  const same = (frame: string) => {
    expect(outcome(() => lazily(frame))).to.equal(outcome(() => wholly(frame)));
  };

  describe('agrees with JSON.parse', () => {
    it('on frames in any order, with any white space', () => {
      fc.assert(fc.property(frames, same), { numRuns: 500 });
    });

    it('on frames with one character changed, lost or added', () => {
      const slip = fc.tuple(
        fc.nat(),
        fc.constantFrom('', 'x', '"', '\\', '{', '}', ',', ':', '\u00a0', '\ufeff', '1', '\u0001'),
        fc.boolean(),
      );
      fc.assert(
        fc.property(frames, slip, (frame, [at, character, keep]) => {
          const index = at % (frame.length + 1);
          same(frame.slice(0, index) + character + frame.slice(keep ? index : index + 1));
        }),
        { numRuns: 1_000 },
      );
    });

    it('on frames cut off anywhere', () => {
      fc.assert(
        fc.property(frames, fc.nat(), (frame, at) => same(frame.slice(0, at % frame.length))),
        { numRuns: 500 },
      );
    });

    it('on any text', () => {
      fc.assert(fc.property(fc.oneof(fc.string(), fc.json()), same), { numRuns: 500 });
    });
  });
}

function isResult(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return false;
  return ['data', 'errors', 'incremental', 'hasNext'].some((field) => Object.hasOwn(value, field));
}

function outcome(read: () => unknown): string {
  try {
    return JSON.stringify(read());
  } catch (thrown) {
    if (thrown instanceof ProtocolError || thrown instanceof SyntaxError) return 'refused';
    throw thrown;
  }
}
