import type { Codec, GraphQLFormattedError, Payload } from 'rx-graphql-ws';
import { parsed, sameJson } from '../json.js';
import { type CodecDialect, frameOf, wireOf } from './dialect.js';
import { deep } from './examples.js';
import {
  type Cases,
  decodeFrame,
  decoding,
  each,
  expectReading,
  mismatch,
  mustEqual,
  readFrame,
  readResult,
  shown,
  shownReading,
} from './reading.js';

const ids = ['__proto__', 'constructor', 'hasOwnProperty', '0', ' ', '\u2028', 'é😀', 'a"\\\n'];

const errors: readonly GraphQLFormattedError[] = [
  { message: 'm', locations: [{ line: 1, column: 2 }], path: ['a', 0], extensions: { code: 'X' } },
  { message: 'n' },
];

const results: readonly object[] = [
  { data: { a: [1, 'é', null] } },
  { data: null },
  { errors: [{ message: 'm' }] },
  { data: { a: null }, errors: [{ message: 'm', path: ['a'] }], extensions: { cost: 1 } },
  { data: { a: 1 }, hasNext: true },
  { data: parsed('{"__proto__":{"a":1},"constructor":{"prototype":{"a":1}},"toString":null}') },
];

type Expected = Readonly<Record<string, unknown>>;
type Readings = readonly (readonly [frame: string, expected: Expected])[];

export function meaningCases(codec: Codec, dialect: CodecDialect): Cases {
  const { says: said, create } = dialect;
  const { next, error, complete } = wireOf(dialect);
  const reads = (readings: () => Readings) =>
    each(readings, ([frame, expected]) => checkReading(codec, frame, expected));
  const readsAnyId = (type: string, frame: (id: string) => string) =>
    reads(() => ids.map((id) => [frame(id), { type, id }]));
  return {
    ...(said && { 'decode reads the samples of `says`': reads(() => saidReadings(said)) }),
    ...(error && {
      'decode reads all members of an error': reads(() => [
        [error('1', errors), { type: 'error', errors }],
      ]),
      'decode reads an error with any id': readsAnyId('error', (id) => error(id, errors)),
    }),
    ...(complete && {
      'decode reads an end with any id': readsAnyId('complete', (id) => complete(id)),
    }),
    ...(next && {
      'decode reads a result with any id': readsAnyId('next', (id) => next(id, { data: 1 })),
      'decode reads a result with all its members': reads(() =>
        results.map((result) => [next('1', result), { type: 'next', id: '1', result }]),
      ),
      ...resultCases(codec, next),
    }),
    ...(next &&
      create && {
        'a result goes through the reviver': () => {
          const reviver = (key: string, value: unknown) => (key === 'at' ? Number(value) : value);
          const frame = next('1', { data: { at: '1' } });
          const result = { data: { at: 1 } };
          checkReading(create(undefined, reviver), frame, { type: 'next', id: '1', result });
        },
      }),
  };
}

/** Checks the meaning of a frame. The message, and each of its errors, may have further members. */
export function checkReading(codec: Codec, frame: string, expected: Expected): void {
  expectReading(codec, frame, shown(expected), (reading) => says(reading, expected));
}

function says(actual: unknown, expected: Expected): boolean {
  return Object.entries(expected).every(([field, value]) => {
    const own = (actual as Expected)[field];
    if (field !== 'errors') return sameJson(own, value);
    const [list, wanted] = [[own].flat(), value as readonly Expected[]];
    return list.length === wanted.length && wanted.every((each, at) => says(list[at], each));
  });
}

function saidReadings(said: NonNullable<CodecDialect['says']>): Readings {
  return said.flatMap(([wire, means]): Readings => {
    const type = typeof means === 'string' ? means : means.type;
    const isNamed = typeof wire === 'string' && typeof means === 'string' && type !== 'unknown';
    if (!isNamed) return [[frameOf(wire), typeof means === 'string' ? { type } : { ...means }]];
    return [undefined, null, {}, { a: [1] }, [], 'text', 0, false].map((payload) => [
      frameOf({ type: wire, payload }),
      type === 'pong' && payload !== undefined ? { type } : { type, payload },
    ]);
  });
}

function resultCases(codec: Codec, next: (id: string, result: object) => string): Cases {
  const payloadOf = (frame: string): Payload => {
    const message = decodeFrame(codec, frame);
    if (message.type === 'next') return message.payload;
    throw mismatch(decoding(frame), 'a result', shown(message));
  };
  return {
    'a result may be nested deeper than the stack, or is refused': () => {
      readFrame(codec, next('1', { data: 'DEEP' }).replaceAll('"DEEP"', deep));
    },
    'a result has its JSON as its text, the same for every id': each(results, (result) => {
      const [text = '', other] = ['1', '2'].map((id) => {
        const reading = readFrame(codec, next(id, result));
        if (reading.type === 'next') return reading.text;
        throw mismatch(decoding(next(id, result)), 'a result', shownReading(reading));
      });
      const where = `${decoding(next('2', result))}.payload.text`;
      if (!sameJson(parsed(text), result)) throw mismatch(where, shown(result), shown(text));
      mustEqual(where, other, text);
    }),
    'a result can be decoded late, more than once, and among others': () => {
      const held = ['1', '2', '3'].map((data) => {
        const frame = next(data, { data });
        return { frame, result: { data }, payload: payloadOf(frame) };
      });
      for (const { frame, payload, result } of [...held, ...held.reverse()])
        mustEqual(`${decoding(frame)}, after other frames`, readResult(frame, payload), result);
    },
  };
}
