import type { ClientMessage, Codec, GraphQLFormattedError, Payload } from 'rx-graphql-ws';
import { type CodecCase, type CodecDialect, frameOf, samplesOf, wireOf } from './dialect.js';
import { clientMessages, plainMessages, subscribe } from './encoding-cases.js';
import {
  cutOff,
  deep,
  doubled,
  guessedFrames,
  hostileFrames,
  hugeFrames,
  replaced,
  slipped,
} from './frames.js';
import {
  decodeFrame,
  decoding,
  mismatch,
  over,
  parsed,
  readFrame,
  readResult,
  sameJson,
  shown,
  shownReading,
  writeOrRefuse,
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

interface Expected {
  readonly [field: string]: unknown;
}

/** From any frames to messages, also from faulty frames. */
export function decodingCases(codec: Codec, dialect: CodecDialect): readonly CodecCase[] {
  const samples = samplesOf(dialect);
  const known = () =>
    samples.length > 0 ? samples : [...likelyFrames(codec), ...framesOf(codec, plainMessages())];
  const survives = (what: string, frames: () => readonly string[]) =>
    over(`decode gives a message or throws a ProtocolError for ${what}`, frames, (frame) => {
      readFrame(codec, frame);
    });
  return [
    survives('text that is no frame', () => hostileFrames),
    survives('frames that are too long or too deep', hugeFrames),
    survives('frames of other dialects', guessedFrames),
    survives('frames of a client', () => framesOf(codec, clientMessages())),
    survives('frames that are cut off', () => known().flatMap(cutOff)),
    survives('frames with a changed, lost or added character', () => known().flatMap(slipped)),
    survives('frames with a replaced or lost value', () => known().flatMap(replaced)),
    survives('frames with a repeated field', () => known().flatMap(doubled)),
    {
      name: 'decode gives the same message for a frame after any other',
      run() {
        checkForgetful(codec, [...hostileFrames, ...known(), ...known().flatMap(replaced)]);
      },
    },
    over(
      'decode leaves Object.prototype unchanged',
      () => known().flatMap(replaced),
      (frame) => {
        const added = pollutionBy(() => {
          try {
            readFrame(codec, frame);
          } catch {
            // other cases report it
          }
        });
        if (added.length === 0) return;
        throw mismatch(`Object.prototype after ${decoding(frame)}`, 'nothing new', shown(added));
      },
    ),
  ];
}

/** Runs a function, then removes and names everything that it added to `Object.prototype`. */
export function pollutionBy(run: () => void): readonly string[] {
  const known = Reflect.ownKeys(Object.prototype);
  let added: readonly PropertyKey[] = [];
  try {
    run();
  } finally {
    added = Reflect.ownKeys(Object.prototype).filter((key) => !known.includes(key));
    for (const key of added) Reflect.deleteProperty(Object.prototype, key);
  }
  return added.map(String);
}

/** One frame of each type that the codec knows, out of those of other dialects. */
function likelyFrames(codec: Codec): readonly string[] {
  const read = guessedFrames().map((frame) => [readFrame(codec, frame).type, frame] as const);
  return ['ack', 'rejected', 'ping', 'pong', 'next', 'error', 'complete'].flatMap(
    (wanted) => read.find(([type]) => type === wanted)?.[1] ?? [],
  );
}

function framesOf(codec: Codec, messages: readonly ClientMessage[]): readonly string[] {
  return messages.map((message) => writeOrRefuse(codec, message) ?? '').filter(Boolean);
}

function checkForgetful(codec: Codec, frames: readonly string[]): void {
  const once = frames.map((frame) => ({ frame, reading: readFrame(codec, frame) }));
  // backwards, twice in a row, and with messages of the client between
  for (const { frame, reading } of once.reverse()) {
    writeOrRefuse(codec, subscribe({}, '2'));
    for (const again of [readFrame(codec, frame), readFrame(codec, frame)]) {
      if (sameJson(again, reading)) continue;
      throw mismatch(`${decoding(frame)}, again`, shownReading(reading), shownReading(again));
    }
  }
}

/** From the frames of the dialect to messages. */
export function sampleCases(codec: Codec, dialect: CodecDialect): readonly CodecCase[] {
  const { next, error, complete } = wireOf(dialect);
  const reads = (name: string, readings: () => readonly (readonly [string, Expected])[]) =>
    over(`decode reads ${name}`, readings, ([frame, expected]) => {
      checkReading(codec, frame, expected);
    });
  const withAnyId = (type: string, frame: (id: string) => string) => () =>
    ids.map((id) => [frame(id), { type, id }] as const);
  return [
    ...(dialect.says ? [reads('the samples of `says`', () => saidReadings(dialect.says))] : []),
    ...(error
      ? [
          reads('all members of an error', () => [[error('1', errors), { type: 'error', errors }]]),
          reads(
            'an error with any id',
            withAnyId('error', (id) => error(id, [{ message: 'm' }])),
          ),
        ]
      : []),
    ...(complete
      ? [
          reads(
            'an end with any id',
            withAnyId('complete', (id) => complete(id)),
          ),
        ]
      : []),
    ...(next
      ? [
          reads(
            'a result with any id',
            withAnyId('next', (id) => next(id, { data: 1 })),
          ),
          reads('a result with all its members', () =>
            results.map((result) => [next('1', result), { type: 'next', id: '1', result }]),
          ),
          ...resultCases(codec, next, dialect.create),
        ]
      : []),
  ];
}

/** Checks the meaning of a frame. The message, and each of its errors, may have further members. */
export function checkReading(codec: Codec, frame: string, expected: Expected): void {
  const reading = readFrame(codec, frame);
  if (!says(reading, expected))
    throw mismatch(decoding(frame), shown(expected), shownReading(reading));
}

function says(actual: unknown, expected: Expected): boolean {
  return Object.entries(expected).every(([field, value]) => {
    const own = (actual as Expected)[field];
    if (field !== 'errors') return sameJson(own, value);
    const [list, wanted] = [[own].flat(), value as readonly Expected[]];
    return list.length === wanted.length && wanted.every((each, at) => says(list[at], each));
  });
}

function saidReadings(said: CodecDialect['says'] = []): readonly (readonly [string, Expected])[] {
  return said.flatMap(([wire, means]): (readonly [string, Expected])[] => {
    const type = typeof means === 'string' ? means : means.type;
    const isNamed = typeof wire === 'string' && typeof means === 'string' && type !== 'unknown';
    if (!isNamed) return [[frameOf(wire), typeof means === 'string' ? { type } : { ...means }]];
    return [undefined, null, {}, { a: [1] }, [], 'text', 0, false].map((payload) => [
      frameOf({ type: wire, payload }),
      type === 'pong' && payload !== undefined ? { type } : { type, payload },
    ]);
  });
}

function resultCases(
  codec: Codec,
  next: (id: string, result: object) => string,
  create: CodecDialect['create'],
): readonly CodecCase[] {
  const payloadOf = (frame: string): Payload => {
    const message = decodeFrame(codec, frame);
    if (message.type === 'next') return message.payload;
    throw mismatch(decoding(frame), 'a result', shown(message));
  };
  const decodesDeep = {
    name: 'a result may be nested deeper than the stack, or is refused',
    run() {
      readFrame(codec, next('1', { data: 'DEEP' }).replaceAll('"DEEP"', deep));
    },
  };
  const hasText = over(
    'a result has its JSON as its text, the same for every id',
    () => results,
    (result) => {
      const [text = '', other] = ['1', '2'].map((id) => {
        const reading = readFrame(codec, next(id, result));
        if (reading.type === 'next') return reading.text;
        throw mismatch(decoding(next(id, result)), 'a result', shownReading(reading));
      });
      const where = `${decoding(next('2', result))}.payload.text`;
      if (!sameJson(parsed(text), result)) throw mismatch(where, shown(result), shown(text));
      if (text !== other) throw mismatch(where, shown(text), shown(other));
    },
  );
  const decodesLate = {
    name: 'a result can be decoded late, more than once, and among others',
    run() {
      const held = ['1', '2', '3'].map((data) => {
        const frame = next(data, { data });
        return { frame, result: { data }, payload: payloadOf(frame) };
      });
      for (const { frame, payload, result } of [...held, ...held.reverse()]) {
        const late = readResult(frame, payload);
        if (sameJson(late, result)) continue;
        throw mismatch(`${decoding(frame)}, after other frames`, shown(result), shown(late));
      }
    },
  };
  const revives = (make: NonNullable<typeof create>) => ({
    name: 'a result goes through the reviver',
    run() {
      const reviving = make(undefined, (key, value) => (key === 'at' ? Number(value) : value));
      const frame = next('1', { data: { at: '1' } });
      checkReading(reviving, frame, { type: 'next', id: '1', result: { data: { at: 1 } } });
    },
  });
  return [decodesDeep, hasText, decodesLate, ...(create ? [revives(create)] : [])];
}
