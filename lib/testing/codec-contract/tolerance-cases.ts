import type { Codec } from 'rx-graphql-ws';
import { isText } from '../check.js';
import { parsed } from '../json.js';
import { type CodecDialect, frameOf, samplesOf } from './dialect.js';
import { cutOff, slipped } from './examples.js';
import { checkReading } from './meaning-cases.js';
import { type Cases, casesOf, decoding, each, expectReading, mustEqual } from './reading.js';
import { readFrame, type Reading } from './reading.js';

const strangeTypes = ['', 'nonsense', '__proto__', 'constructor', 'toString', '\ud800'];
const strangeFields = [{}, { id: '1' }, { id: '1', payload: { data: 1 } }];
const strayIds = [undefined, null, '', {}, [], true, 12, 0];
const noResults = [undefined, null, [], [{ data: 1 }], 'data', 1, true, {}, { a: 1 }];

const unheard = 'unheard';

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
  const { foreign } = dialect;
  const objects = () => samplesOf(dialect).filter((frame) => /^\s*\{/.test(frame) && parsed(frame));
  return {
    ...casesOf(rewritings, 'decode reads the same in a frame with %', (rewrite) =>
      each(objects, (frame) => checkSame(codec, frame, rewrite(parsed(frame) as object))),
    ),
    ...strayCases(codec, dialect),
    'decode takes nothing from a frame that is no JSON any more': each(
      () => objects().flatMap((frame) => [...cutOff(frame), ...slipped(frame)]),
      (frame) => parsed(frame) === undefined && checkBroken(codec, frame),
    ),
    ...(foreign && {
      'decode ignores or refuses the frames of `foreign`': each(
        () => foreign.map(frameOf),
        (frame) => checkNothing(codec, frame),
      ),
    }),
    ...payloadCases(codec, dialect),
  };
}

/** Frames that are given by name are `{ type, id, payload }`. */
function strayCases(codec: Codec, { next, error, complete }: CodecDialect): Cases {
  const named = Object.entries({ next, error, complete }).filter(([, type]) => isText(type));
  return {
    ...casesOf(
      Object.fromEntries(named),
      'decode gives `%` with a missing or wrong id to no operation',
      (type, kind) => {
        const payload = kind === 'next' ? { data: 1 } : undefined;
        return each(strayIds, (id) => checkStray(codec, id, JSON.stringify({ type, id, payload })));
      },
    ),
    ...(named.length > 0 && {
      'decode ignores or refuses an unknown type': each(strangeFrames, (frame) =>
        checkNothing(codec, frame),
      ),
    }),
  };
}

function payloadCases(codec: Codec, { next, complete }: CodecDialect): Cases {
  return {
    ...(isText(next) && {
      'decode or payload.decode() refuses a payload that is no result': each(
        noResults.map((payload) => JSON.stringify({ type: next, id: '1', payload })),
        (frame) => checkBroken(codec, frame),
      ),
    }),
    ...(isText(complete) && {
      'decode reads an end with any payload': each(
        [null, {}, [], 'text'].map((payload) => ({ type: complete, id: '1', payload })),
        (frame) => checkReading(codec, JSON.stringify(frame), { type: 'complete', id: '1' }),
      ),
    }),
  };
}

function strangeFrames(): readonly string[] {
  return strangeTypes.flatMap((type) =>
    strangeFields.map((fields) => JSON.stringify({ type, ...fields })),
  );
}

const isNothing = ({ type }: Reading) => type === 'unknown' || type === 'refused';

function checkNothing(codec: Codec, frame: string): void {
  expectReading(codec, frame, 'type unknown, or a ProtocolError', isNothing);
}

function checkBroken(codec: Codec, frame: string): void {
  const expected = 'type unknown, or a ProtocolError here or of payload.decode()';
  expectReading(codec, frame, expected, (reading) =>
    reading.type === 'next' ? reading.result === undefined : isNothing(reading),
  );
}

function checkStray(codec: Codec, id: unknown, frame: string): void {
  const number = typeof id === 'number' ? String(id) : undefined;
  const expected = `no message of an operation${number ? `, or id '${number}'` : ''}`;
  expectReading(codec, frame, expected, (reading) => !('id' in reading) || reading.id === number);
}

function checkSame(codec: Codec, frame: string, others: readonly string[]): void {
  const meaning = meaningOf(readFrame(codec, frame));
  for (const other of others)
    mustEqual(decoding(other), meaningOf(readFrame(codec, other)), meaning);
}

/** The text of a result may differ, and so may a frame that is passed on. */
function meaningOf(reading: Reading): unknown {
  const meaning = { ...reading, text: undefined, frame: undefined, reason: undefined };
  // if the fields of a result are those of the frame, it has the unknown one too
  return JSON.parse(JSON.stringify(meaning), (key, value: unknown) =>
    key === unheard ? undefined : value,
  );
}
