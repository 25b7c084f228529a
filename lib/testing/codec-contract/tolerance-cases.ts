import type { Codec } from 'rx-graphql-ws';
import { isText } from '../check.js';
import { parsed, sameJson } from '../json.js';
import { type CodecDialect, frameOf, samplesOf } from './dialect.js';
import { cutOff, slipped } from './frames.js';
import {
  type Cases,
  casesOf,
  decoding,
  each,
  mismatch,
  readFrame,
  type Reading,
  shown,
  shownReading,
} from './reading.js';
import { checkReading } from './sample-cases.js';

const strangeTypes = ['', 'nonsense', '__proto__', 'constructor', 'toString', '\ud800'];
const strangeFields = [{}, { id: '1' }, { id: '1', payload: { data: 1 } }];
const strayIds = [undefined, null, '', {}, [], true, 12, 0];
const noResults = [undefined, null, [], [{ data: 1 }], 'data', 1, true, {}, { a: 1 }];

const unheard = 'unheard';

/** The same JSON in another form. */
const rewritings: Readonly<Record<string, (json: object) => readonly string[]>> = {
  'another order of fields': (json) => {
    const fields = Object.entries(json);
    const turned = fields.map((_, at) => [...fields.slice(at), ...fields.slice(0, at)]);
    const orders = [...turned, ...turned.map((order) => order.slice().reverse())];
    return orders.map((order) => JSON.stringify(Object.fromEntries(order)));
  },
  'white space': (json) => [` \t\r\n${JSON.stringify(json, null, ' \t\r\n')} \t\r\n`],
  'unknown fields': (json) =>
    [3, 'a}', [{}], { type: 'x' }].flatMap((value) => [
      JSON.stringify({ [unheard]: value, ...json }),
      JSON.stringify({ ...json, [unheard]: value }),
    ]),
};

export function toleranceCases(codec: Codec, dialect: CodecDialect): Cases {
  const { next, complete, foreign } = dialect;
  const objects = () => samplesOf(dialect).filter((frame) => /^\s*\{/.test(frame) && parsed(frame));
  const kinds = namedKinds(dialect);
  const expectStrange = accept(codec, isNothing, 'type unknown, or a ProtocolError');
  return {
    ...casesOf(
      rewritings,
      (what) => `decode reads the same in a frame with ${what}`,
      (rewrite) =>
        each(objects, (frame) => expectSame(codec, frame, rewrite(parsed(frame) as object))),
    ),
    ...casesOf(
      kinds,
      (kind) => `decode gives \`${kind}\` with a missing or wrong id to no operation`,
      (type, kind) =>
        each(() => strayIds, expectStray(codec, type, kind === 'next' ? { data: 1 } : undefined)),
    ),
    'decode takes nothing from a frame that is no JSON any more': each(
      () => objects().flatMap((frame) => [...cutOff(frame), ...slipped(frame)]),
      (frame) => {
        if (parsed(frame) === undefined) expectBroken(codec)(frame);
      },
    ),
    ...(foreign && {
      'decode ignores or refuses the frames of `foreign`': each(
        () => foreign.map(frameOf),
        expectStrange,
      ),
    }),
    ...(Object.keys(kinds).length > 0 && {
      'decode ignores or refuses an unknown type': each(strangeFrames, expectStrange),
    }),
    ...payloadCases(codec, next, complete),
  };
}

function payloadCases(
  codec: Codec,
  next: CodecDialect['next'],
  complete: CodecDialect['complete'],
): Cases {
  return {
    ...(isText(next) && {
      'decode or payload.decode() refuses a payload that is no result': each(
        () => noResults.map((payload) => JSON.stringify({ type: next, id: '1', payload })),
        expectBroken(codec),
      ),
    }),
    ...(isText(complete) && {
      'decode reads an end with any payload': each(
        () => [null, {}, [], 'text'].map((payload) => ({ type: complete, id: '1', payload })),
        (frame) => checkReading(codec, JSON.stringify(frame), { type: 'complete', id: '1' }),
      ),
    }),
  };
}

/** The kinds of frames that are given by name: they are `{ type, id, payload }`. */
function namedKinds({ next, error, complete }: CodecDialect): Readonly<Record<string, string>> {
  const kinds = Object.entries({ next, error, complete });
  return Object.fromEntries(kinds.flatMap(([kind, type]) => (isText(type) ? [[kind, type]] : [])));
}

const accept =
  (codec: Codec, isAllowed: (reading: Reading) => boolean, expected: string) => (frame: string) => {
    const reading = readFrame(codec, frame);
    if (!isAllowed(reading)) throw mismatch(decoding(frame), expected, shownReading(reading));
  };

const expectBroken = (codec: Codec) =>
  accept(
    codec,
    (reading) => isNothing(reading) || (reading.type === 'next' && reading.result === undefined),
    'type unknown, or a ProtocolError here or of payload.decode()',
  );

function expectSame(codec: Codec, frame: string, others: readonly string[]): void {
  const one = meaningOf(readFrame(codec, frame));
  for (const other of others) {
    const another = meaningOf(readFrame(codec, other));
    if (!sameJson(one, another)) throw mismatch(decoding(other), shown(one), shown(another));
  }
}

const expectStray = (codec: Codec, type: string, payload?: unknown) => (id: unknown) => {
  const number = typeof id === 'number' ? String(id) : undefined;
  const expected = `no message of an operation${number ? `, or id '${number}'` : ''}`;
  const isAllowed = (reading: Reading) => !('id' in reading) || reading.id === number;
  accept(codec, isAllowed, expected)(JSON.stringify({ type, id, payload }));
};

function strangeFrames(): readonly string[] {
  return strangeTypes.flatMap((type) =>
    strangeFields.map((fields) => JSON.stringify({ type, ...fields })),
  );
}

function isNothing({ type }: Reading): boolean {
  return type === 'unknown' || type === 'refused';
}

/** The text of a result may differ, and so may a frame that is passed on. */
function meaningOf(reading: Reading): unknown {
  const meaning = { ...reading, text: undefined, frame: undefined, reason: undefined };
  // if the fields of a result are those of the frame, it has the unknown one too
  return JSON.parse(JSON.stringify(meaning), (key, value: unknown) =>
    key === unheard ? undefined : value,
  );
}
