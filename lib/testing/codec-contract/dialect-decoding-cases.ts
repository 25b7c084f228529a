import type { Codec, GraphQLFormattedError } from 'rx-graphql-ws';
import { checkReading } from './check-reading.js';
import type { CodecCase } from './codec-case.js';
import type { CodecDialect, SessionMessage, WireFrame } from './codec-dialect.js';
import { shown } from './shown.js';
import { frameOf, wireOf } from './wire.js';

const payloads = [null, {}, { a: [1] }, [], 'text', 0, false];

const ids = ['__proto__', 'constructor', 'hasOwnProperty', '0', ' ', '\u2028', 'é😀', 'a"\\\n'];

const errors: readonly GraphQLFormattedError[] = [
  { message: 'm', locations: [{ line: 1, column: 2 }], path: ['a', 0], extensions: { code: 'X' } },
  { message: 'n' },
];

interface Expected {
  readonly type: string;
  readonly [field: string]: unknown;
}

type Reads = (name: string, frame: string, expected: Expected) => CodecCase;

/** From the frames of this dialect to neutral messages; results apart. */
export function dialectDecodingCases(codec: Codec, dialect: CodecDialect): readonly CodecCase[] {
  const { next, error, complete } = wireOf(dialect);
  const reads: Reads = (name, frame, expected) => ({
    name: `decode reads ${name}`,
    run() {
      checkReading(codec, frame, expected);
    },
  });
  const forAnyId = (name: string, type: string, frame: ((id: string) => string) | undefined) =>
    frame
      ? ids.map((id) => reads(`${name} with the id ${shown(id)}`, frame(id), { type, id }))
      : [];
  return [
    ...(dialect.says ?? []).flatMap(([wire, means]) => saidCases(reads, wire, means)),
    ...(error
      ? [reads('an error, and all that it says', error('1', errors), { type: 'error', errors })]
      : []),
    ...forAnyId('a result', 'next', next && ((id) => next(id, { data: 1 }))),
    ...forAnyId('an error', 'error', error && ((id) => error(id, [{ message: 'm' }]))),
    ...forAnyId('an end', 'complete', complete),
  ];
}

function saidCases(
  reads: Reads,
  wire: WireFrame,
  means: SessionMessage | SessionMessage['type'],
): readonly CodecCase[] {
  const type = typeof means === 'string' ? means : means.type;
  if (typeof wire !== 'string' || typeof means !== 'string' || type === 'unknown') {
    const expected = typeof means === 'string' ? { type } : { ...means };
    return [reads(`${shown(frameOf(wire))} as ${type}`, frameOf(wire), expected)];
  }
  const passed = payloads.map((payload) => {
    const frame = frameOf({ type: wire, payload });
    const expected = type === 'pong' ? { type } : { type, payload };
    return reads(`${wire} with the payload ${shown(payload)} as ${type}`, frame, expected);
  });
  return [reads(`${wire} as ${type}`, frameOf(wire), { type, payload: undefined }), ...passed];
}
