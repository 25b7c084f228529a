import { expect } from 'chai';
import fc from 'fast-check';
import { describe, it } from 'mocha';
import { ProtocolError } from '../../../lib/errors.js';
import { graphqlErrors } from '../../../lib/protocol/graphql-errors.js';
import { readNumber } from '../../helpers/read-number.js';
import { anyFrame } from './any-frame.js';
import type { Dialect } from './dialect.js';

interface Wire {
  readonly type?: unknown;
  readonly id?: unknown;
  readonly payload?: unknown;
}

const { FRAMES_SEED, FRAMES_PATH } = process.env;
const anySeed = Math.floor(Math.random() * 2 ** 31);
const seed = readNumber('FRAMES_SEED', FRAMES_SEED ?? String(anySeed), 'a whole number');

/** The codec reads a frame lazily, and must give the same message as a reader that parses it whole. */
export function agreesWithJson(dialect: Dialect): void {
  const { create, says, next, error, complete } = dialect;
  const codec = create();
  const reference = readsWholly(dialect);
  const types = [next, next, next, error, complete, ...says.map(([wire]) => wire), 'nonsense'];
  const frames = anyFrame(types);
  const same = (frame: string) => {
    const expected = outcome(() => reference(frame));
    const actual = outcome(() => {
      const message = codec.decode(frame);
      if (message.type === 'complete' && message.payload)
        return { ...message, payload: message.payload.decode() };
      if (message.type !== 'next') return message;
      if (outcome(() => JSON.parse(frame)) === 'refused') {
        expect(namedBy(frame, reference)).to.deep.include({ type: 'next', id: message.id });
        return { ...message, payload: message.payload.decode() };
      }
      const text = parsed(message.payload.text);
      const { id, payload = null } = JSON.parse(frame) as Wire;
      // as JSON, because JSON.stringify writes 0 for -0
      expect([message.id, JSON.stringify(text)]).to.deep.equal([
        String(id),
        JSON.stringify(payload),
      ]);
      const result = message.payload.decode();
      expect(result).to.deep.equal(payload);
      expect(message.payload.decode()).to.deep.equal(payload);
      return { ...message, payload: result };
    });
    expect(actual).to.equal(expected);
  };
  const holds = <T extends unknown[]>(numRuns: number, property: fc.IPropertyWithHooks<T>) => {
    fc.assert(property, { numRuns, seed, ...(FRAMES_PATH && { path: FRAMES_PATH }) });
  };

  describe(`agrees with JSON.parse (FRAMES_SEED=${seed})`, function () {
    this.timeout(20_000);

    it('on frames in any order, with any white space', () => {
      holds(
        2_000,
        fc.property(frames, ({ frame, payload = 'null' }) => {
          same(frame);
          if (outcome(() => codec.decode(frame)) === 'refused') return;
          const message = codec.decode(frame);
          if (message.type !== 'next') return;
          // to the letter, or rewritten by JSON.stringify
          const anew = JSON.stringify(JSON.parse(payload));
          expect(message.payload.text).to.be.oneOf([payload, anew]);
        }),
      );
    });

    it('on frames with one character changed, lost or added', () => {
      const slip = fc.tuple(
        // often in the head or at the end
        fc.oneof(fc.nat(), fc.nat(30), fc.integer({ min: -3, max: -1 })),
        fc.constantFrom('', 'x', '"', '\\', '{', '}', ',', ':', '\u00a0', '\ufeff', '1', '\u0001'),
        fc.boolean(),
      );
      holds(
        3_000,
        fc.property(frames, slip, ({ frame }, [at, character, keep]) => {
          const index = (at + frame.length + 1) % (frame.length + 1);
          same(frame.slice(0, index) + character + frame.slice(keep ? index : index + 1));
        }),
      );
    });

    it('on frames cut off anywhere', () => {
      holds(
        500,
        fc.property(frames, fc.nat(), ({ frame }, at) => same(frame.slice(0, at % frame.length))),
      );
    });

    it('on any text', () => {
      holds(500, fc.property(fc.oneof(fc.string(), fc.json()), same));
    });
  });
}

/** Reads a whole frame by the contract. */
function readsWholly({ says, next, error, complete }: Dialect): (frame: string) => object {
  return (frame) => {
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
      return { type: 'error', id: String(id), errors: graphqlErrors(wire.payload) };
    if (type === complete && known)
      return { type: 'complete', id: String(id), ...(isResult(wire.payload) && payload) };
    return meaning ? { type: meaning, ...payload } : { type: 'unknown', frame };
  };
}

/** The message of the head of a broken frame. */
function namedBy(frame: string, read: (frame: string) => object): object | undefined {
  const [head] = /^.*?"payload"\s*:/s.exec(frame) ?? [];
  if (head === undefined) return undefined;
  return read(`${head}{"data":null}}`);
}

function isResult(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return false;
  return ['data', 'errors', 'incremental', 'hasNext'].some((field) => Object.hasOwn(value, field));
}

/** @throws Error - no JSON; a codec may not throw this error */
function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new Error(`no JSON: ${text}`, { cause });
  }
}

function outcome(read: () => unknown): string {
  try {
    return JSON.stringify(read());
  } catch (thrown) {
    if (thrown instanceof ProtocolError || thrown instanceof SyntaxError) return 'refused';
    throw thrown;
  }
}
