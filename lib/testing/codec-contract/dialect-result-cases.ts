import type { Codec, ExecutionResult, Payload } from 'rx-graphql-ws';
import { decoding } from './calls.js';
import { checkReading } from './check-reading.js';
import type { CodecCase } from './codec-case.js';
import type { CodecDialect } from './codec-dialect.js';
import { deep } from './hostile-frames.js';
import { mismatch } from './mismatch.js';
import { parsed } from './parsed.js';
import { decodeFrame, readFrame, readResult } from './read-frame.js';
import { sameJson } from './same-json.js';
import { shown } from './shown.js';
import { shownReading } from './shown-reading.js';
import { wireOf } from './wire.js';

const results: readonly object[] = [
  { data: { a: [1, 'é', null] } },
  { data: null },
  { errors: [{ message: 'm' }] },
  { data: { a: null }, errors: [{ message: 'm', path: ['a'] }], extensions: { cost: 1 } },
  { data: { a: 1 }, hasNext: true },
];

const names = '{"__proto__":{"a":1},"constructor":{"prototype":{"a":1}},"toString":null}';

type Next = (id: string, result: ExecutionResult) => string;

/** A result is found by its id, and decoded when somebody wants it. */
export function dialectResultCases(codec: Codec, dialect: CodecDialect): readonly CodecCase[] {
  const { next } = wireOf(dialect);
  if (!next) return [];
  return [
    ...results.map((result) => ({
      name: `a result may be ${shown(result)}`,
      run() {
        checkReading(codec, next('1', result), { type: 'next', id: '1', result });
      },
    })),
    {
      name: 'a result has data of its own, whatever they are called',
      run() {
        const result = { data: parsed(names) };
        checkReading(codec, next('1', result), { type: 'next', id: '1', result });
      },
    },
    {
      name: 'a result may be nested deeper than the stack, or is refused',
      run() {
        readFrame(codec, next('1', { data: 'DEEP' }).replaceAll('"DEEP"', deep));
      },
    },
    textCase(codec, next),
    lateCase(codec, next),
    ...(dialect.create ? [revivingCase(dialect.create, next)] : []),
  ];
}

function textCase(codec: Codec, next: Next): CodecCase {
  return {
    name: 'a result has its JSON as its text, the same for every id',
    run() {
      for (const result of results) {
        const texts = ['1', '2'].map((id) => textOf(codec, next(id, result)));
        const [text = '', other] = texts;
        const where = `${decoding(next('2', result))}.payload.text`;
        if (!sameJson(parsed(text), result)) throw mismatch(where, shown(result), shown(text));
        if (text !== other) throw mismatch(where, shown(text), shown(other));
      }
    },
  };
}

function lateCase(codec: Codec, next: Next): CodecCase {
  return {
    name: 'a result is decoded late, more than once, and among others',
    run() {
      const all = ['1', '2', '3'].map((id) => ({
        result: { data: id },
        frame: next(id, { data: id }),
      }));
      const held = all.map((one) => ({ ...one, payload: payloadOf(codec, one.frame) }));
      for (const { frame, payload, result } of [...held, ...held.reverse()]) {
        const late = readResult(frame, payload);
        if (sameJson(late, result)) continue;
        throw mismatch(`${decoding(frame)}, after other frames`, shown(result), shown(late));
      }
    },
  };
}

function revivingCase(create: NonNullable<CodecDialect['create']>, next: Next): CodecCase {
  return {
    name: 'a result goes through the reviver',
    run() {
      const codec = create(undefined, (key, value) => (key === 'at' ? Number(value) : value));
      const frame = next('1', { data: { at: '1' } });
      checkReading(codec, frame, { type: 'next', id: '1', result: { data: { at: 1 } } });
    },
  };
}

function textOf(codec: Codec, frame: string): string {
  const reading = readFrame(codec, frame);
  if (reading.type === 'next') return reading.text;
  throw mismatch(decoding(frame), 'a result', shownReading(reading));
}

function payloadOf(codec: Codec, frame: string): Payload {
  const message = decodeFrame(codec, frame);
  if (message.type === 'next') return message.payload;
  throw mismatch(decoding(frame), 'a result', shown(message));
}
